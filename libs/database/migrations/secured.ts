/** Row-level security binds everybody, the owner too; owner and engine see a table by policies of their own. */
export const secured = (...tables: readonly string[]): string =>
  tables
    .map(
      (table) => `
alter table perennial.${table} enable row level security;
alter table perennial.${table} force row level security;
create policy of_owner on perennial.${table} to perennial_owner using (true) with check (true);
create policy of_engine on perennial.${table} to perennial_engine using (true) with check (true);
`,
    )
    .join('');
