import type { ClientBase } from 'pg';
import { openDatabase } from './data-source.js';
import { withClient } from './transaction.js';

/** One kind of object of the schema: a heading, and a query whose rows are its statements in order. */
interface Chapter {
  readonly heading: string;
  readonly query: string;
}

const inSchema = "relnamespace = 'perennial'::regnamespace and c.relname <> 'migration'";

const chapters: readonly Chapter[] = [
  {
    heading: 'domains',
    query: `select format('create domain %s as %s collate %I;', t.oid::regtype, format_type(t.typbasetype, t.typtypmod), l.collname) as text
      from pg_type t join pg_collation l on l.oid = t.typcollation
      where t.typnamespace = 'perennial'::regnamespace and t.typtype = 'd' order by t.typname`,
  },
  {
    heading: 'tables',
    query: `select format(E'create table %s (\\n%s\\n);', c.oid::regclass, (
        select string_agg(format('  %I %s%s%s%s', a.attname, format_type(a.atttypid, a.atttypmod),
          case when a.attidentity = 'a' then ' generated always as identity' else '' end,
          case when a.attnotnull then ' not null' else '' end,
          coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '')), E',\\n' order by a.attnum)
        from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped)) as text
      from pg_class c where c.${inSchema} and c.relkind = 'r' order by c.relname`,
  },
  {
    heading: 'sequences',
    query: `select format('sequence %s: cache %s', s.seqrelid::regclass, s.seqcache) as text
      from pg_sequence s join pg_class c on c.oid = s.seqrelid where c.${inSchema.replace("'migration'", "'migration_id_seq'")}
      order by c.relname`,
  },
  {
    heading: 'constraints',
    query: `select format('alter table %s add constraint %I %s;', c.oid::regclass, k.conname, pg_get_constraintdef(k.oid, true)) as text
      from pg_constraint k join pg_class c on c.oid = k.conrelid where c.${inSchema} and k.contype <> 'n'
      order by c.relname, k.conname`,
  },
  {
    heading: 'indexes',
    query: `select pg_get_indexdef(i.indexrelid) || ';' as text from pg_index i join pg_class c on c.oid = i.indrelid
      where c.${inSchema} and not exists (select from pg_constraint k where k.conindid = i.indexrelid)
      order by c.relname, i.indexrelid::regclass::text`,
  },
  {
    heading: 'functions',
    query: `select rtrim(pg_get_functiondef(p.oid), E' \\n') || ';' as text from pg_proc p
      where p.pronamespace = 'perennial'::regnamespace order by p.proname, pg_get_function_identity_arguments(p.oid)`,
  },
  {
    heading: 'triggers',
    query: `select pg_get_triggerdef(t.oid, true) || format('; -- enabled %s', t.tgenabled) as text
      from pg_trigger t join pg_class c on c.oid = t.tgrelid where c.${inSchema} and not t.tgisinternal
      order by c.relname, t.tgname`,
  },
  {
    heading: 'views',
    query: `select format(E'create view %s%s as\n%s', c.oid::regclass, ' with (' || array_to_string(c.reloptions, ', ') || ')',
        pg_get_viewdef(c.oid)) as text from pg_class c where c.${inSchema} and c.relkind = 'v' order by c.relname`,
  },
  {
    heading: 'row-level security',
    query: `select format('alter table %s %s row level security;', c.oid::regclass,
        case when c.relforcerowsecurity then 'force' when c.relrowsecurity then 'enable' else 'disable' end) as text
      from pg_class c where c.${inSchema} and c.relkind = 'r' order by c.relname`,
  },
  {
    heading: 'policies',
    query: `select format(E'create policy %I on %s for %s to %s\\n  using (%s)%s;', p.polname, c.oid::regclass,
        case p.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete' else 'all' end,
        array_to_string(array(select r::regrole::text from unnest(p.polroles) r order by 1), ', '),
        pg_get_expr(p.polqual, p.polrelid),
        coalesce(E'\\n  with check (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')', '')) as text
      from pg_policy p join pg_class c on c.oid = p.polrelid where c.${inSchema} order by c.relname, p.polname`,
  },
  {
    heading: 'rights on tables',
    query: `select format('grant %s on %s to %s;', string_agg(lower(g.privilege_type), ', ' order by g.privilege_type),
        c.oid::regclass, g.grantee::regrole) as text
      from pg_class c, aclexplode(c.relacl) g where c.${inSchema} and g.grantee <> c.relowner
      group by c.oid, g.grantee order by c.oid::regclass::text, g.grantee::regrole::text`,
  },
  {
    heading: 'rights on columns',
    query: `select format('grant %s (%s) on %s to %s;', lower(g.privilege_type), string_agg(quote_ident(a.attname), ', ' order by a.attname),
        c.oid::regclass, g.grantee::regrole) as text
      from pg_class c join pg_attribute a on a.attrelid = c.oid, aclexplode(a.attacl) g where c.${inSchema}
      group by c.oid, g.privilege_type, g.grantee order by c.oid::regclass::text, g.grantee::regrole::text, g.privilege_type`,
  },
  {
    heading: 'rights on functions',
    query: `select format('grant execute on function %s to %s;', p.oid::regprocedure,
        string_agg(case g.grantee when 0 then 'public' else g.grantee::regrole::text end, ', ' order by g.grantee::regrole::text)) as text
      from pg_proc p, aclexplode(p.proacl) g where p.pronamespace = 'perennial'::regnamespace and g.grantee <> p.proowner
      group by p.oid order by p.oid::regprocedure::text`,
  },
];

/** The schema as text, read from the catalogue: the same for the same migrations, so that a change of it is seen in review. */
export async function dumpSchema(ownerUrl: string): Promise<string> {
  const source = await openDatabase(ownerUrl, 'owner', 1);
  try {
    return await withClient(source, async (client) => {
      await client.query("set search_path = ''");
      const parts: string[] = [];
      for (const chapter of chapters) parts.push(await write(client, chapter));
      return `-- Generated from the migrations; do not edit.\n\n${parts.join('\n')}`;
    });
  } finally {
    await source.destroy();
  }
}

async function write(client: ClientBase, { heading, query }: Chapter): Promise<string> {
  const { rows } = await client.query<{ text: string }>(query);
  return `-- ${heading}\n\n${rows.map(({ text }) => `${text}\n`).join(heading === 'tables' || heading === 'functions' ? '\n' : '')}`;
}
