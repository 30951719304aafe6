/**
 * Whoever holds the office places what is visible and has no place yet; the row of the office is locked until the commit, so a
 * successor waits for a batch or for its end; with nothing to place nothing is written. A position is drawn by a transaction that has
 * its number already, so what was drawn before a mark is of lower numbers than its own. Once these have all ended it has a place or
 * was rolled back, and is looked at no more: a look costs what was written since the mark. A mark of the future is of another server.
 */
export const placeEntries = `
create or replace function perennial.place_entries(holder text, most integer) returns integer
security definer set search_path = perennial, pg_temp language plpgsql as $$
declare
  office sequencer;
  last bigint;
  settles boolean;
  count integer;
begin
  select * into office from sequencer q
    where q.holder = place_entries.holder and q.lease_until > clock_timestamp() + interval '2 s';
  if found and not (all_ended(office.marked_before) and exists (select from placed))
    and not exists (select from ledger_entry e
      where e.position > office.settled and not exists (select from placed p where p.position = e.position)) then return 0; end if;

  if pg_current_xact_id_if_assigned() is not null then raise exception 'a look begins its transaction'; end if;
  select max(position) into last from placed; -- read before this transaction has a number
  update sequencer q set holder = place_entries.holder, lease_until = clock_timestamp() + interval '5 s'
    where q.holder = place_entries.holder or q.lease_until < clock_timestamp() returning * into office;
  if not found then return -1; end if;
  settles := all_ended(office.marked_before); -- asked before the look, so that what they wrote is seen

  with fresh as materialized (
    select e.position, s.organisation, s.programme, s.visibility from ledger_entry e join stream s on s.id = e.stream
      where e.position > office.settled and not exists (select from placed p where p.position = e.position)
      order by e.position limit most),
  noted as (insert into placed select position from fresh),
  seen as (
    select position, organisation as seen_by from fresh
    union select f.position, p.organisation from fresh f join programme_party p on p.programme = f.programme and p.until is null
      where f.visibility = 'both'),
  numbered as (select seen_by, position, row_number() over (partition by seen_by order by position) as number from seen),
  counted as (
    insert into feed as f (seen_by, last) select n.seen_by, count(*) from numbered n group by n.seen_by order by n.seen_by
      on conflict (seen_by) do update set last = f.last + excluded.last returning f.seen_by, f.last),
  before as (
    select c.seen_by, c.last - (select count(*) from numbered n where n.seen_by = c.seen_by) as last from counted c),
  told as (
    insert into event (seen_by, sequence, position)
      select n.seen_by, b.last + n.number, n.position from numbered n join before b on b.seen_by = n.seen_by)
  select count(*) into count from fresh;

  if settles and count < most then
    update sequencer q set settled = q.marked, marked = greatest(last, q.marked), marked_before = pg_current_xact_id()
      returning q.settled into office.settled;
  end if;
  delete from placed p where p.position = any (array( -- a few at a time: somebody may have held it back for long
    select d.position from placed d where d.position <= office.settled order by d.position limit 20000));
  return count;
end $$;
`;
