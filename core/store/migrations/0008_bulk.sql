-- A bulk load weighs the keywords when it has grown enough to matter and once at its end (bulk.py), not
-- whenever the mean length leaves its step: each time rewrites the whole of `keyword`.

create function settle_keywords() returns void language plpgsql as $$
declare
    step double precision;
begin
    perform pg_advisory_xact_lock(hashtext('gongsi:keyword'));
    select exp(round(ln(greatest(1, length::double precision / greatest(chunks, 1))) * 20) / 20)
      into step from keyword_statistics;
    update keyword_statistics set avgdl = step where avgdl <> step;
    if found then
        perform weigh_keywords();
    end if;
end $$;

create or replace function count_keywords() returns trigger language plpgsql as $$
declare
    sign integer := case when tg_op = 'INSERT' then 1 else -1 end;
begin
    -- rows of `term` are shared by all chunks: two writers updating them in turn would deadlock
    perform pg_advisory_xact_lock(hashtext('gongsi:keyword'));
    update term set df = df + sign * changed.n
      from (select unnest(terms) as id, count(*)::integer as n from changes group by 1) as changed
     where term.id = changed.id;
    update keyword_statistics set chunks = chunks + sign * changed.n, length = keyword_statistics.length + sign * changed.l
      from (select count(*) as n, coalesce(sum(changes.length), 0) as l from changes) as changed
     where changed.n > 0;
    if coalesce(current_setting('gongsi.bulk', true), '') <> 'on' then
        perform settle_keywords();
    end if;
    return null;
end $$;

-- What a filing was made from is told by the shards (etl/shards.py): the database knows contents alone.
alter table filing drop column input;
