export function stageOf(row: { stage: string }): string {
  const stage = row.stage as 'raised';
  return stage;
}
