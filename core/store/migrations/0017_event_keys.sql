-- The key of an event holds the ids of a chat and a message, and rests here until retention: it is kept as what
-- only the same event makes again. So nothing that has ended tells of whom it was, before /forget and after it.
-- Keys of our own messages (queue `out`) name subscribers by number and stay readable.
--
-- A digest of short numbers can be found by trying them all; `schedule.keep_days` is what ends that.

create function job_key(event text) returns text language sql immutable strict parallel safe as $$
    select left(encode(sha256(convert_to(event, 'UTF8')), 'hex'), 32)
$$;

create or replace function job_queues() returns trigger language plpgsql as $$
begin
    perform job_lock(new.lane);
    new.id := nextval('job_id');
    if new.queue = 'in' then
        new.payload := new.payload || jsonb_build_object('key', new.key); -- as it was, until the job has ended
        new.key := job_key(new.key);
        new.replaces := job_key(new.payload->>'replaces');
    end if;
    new.state := case when exists (
        select from job where lane = new.lane and state in ('waiting', 'todo', 'doing')
    ) then 'waiting' else 'todo' end;
    return new;
end $$;

update job set key = job_key(key), replaces = job_key(replaces) where queue = 'in';
