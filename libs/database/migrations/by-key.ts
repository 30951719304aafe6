/**
 * Settings of the functions through which every command goes. Each looks rows up by their keys, so a plan is made once for a
 * connection, and it is the same for ten rows and for ten million: lists in JSON count as a hundred rows, for which PostgreSQL
 * would sooner read a whole table.
 */
export const byKey = `set search_path = perennial, pg_temp set plan_cache_mode = force_generic_plan
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off`;
