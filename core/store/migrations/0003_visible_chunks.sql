-- What a search may see stands on the chunk itself: the vector store filters on its one table, and a
-- filtered index scan need not visit `filing`.

alter table chunk add column visible boolean not null default true;

create function hide_chunks() returns trigger language plpgsql as $$
begin
    update chunk set visible = new.superseded_by is null and not new.withdrawn
     where rcept_no = new.rcept_no;
    return null;
end $$;
create trigger filing_hidden after update of superseded_by, withdrawn on filing for each row
    when ((old.superseded_by is null and not old.withdrawn)
          is distinct from (new.superseded_by is null and not new.withdrawn))
    execute function hide_chunks();

create function hide_new_chunks() returns trigger language plpgsql as $$
begin
    update chunk set visible = false
      from added join filing using (rcept_no)
     where chunk.chunk_id = added.chunk_id and (superseded_by is not null or withdrawn);
    return null;
end $$;
create trigger chunk_added after insert on chunk
    referencing new table as added for each statement execute function hide_new_chunks();

update chunk set visible = false
  from filing where filing.rcept_no = chunk.rcept_no and (superseded_by is not null or withdrawn);
