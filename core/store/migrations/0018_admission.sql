-- Weighs an event, counts it and remembers where it was written, in one call: a message costs one round trip
-- instead of six.
--
-- Events of one person are weighed one after the other, and questions in one room likewise: counting and
-- inserting apart would let through as many as come at once. Each statement of a volatile function sees what
-- was committed before it began, so those behind the locks see whoever held them.

create function usage_admit(
    event_ text, person_ text, room_ text, at_ timestamptz, day_ date, question_ boolean,
    per_person integer, per_room integer, per_minute integer,
    lane_ text, chat_ text, thread_ text, private_ boolean
) returns text language plpgsql as $$
declare
    said       text;
    is_blocked boolean;
    own_limit  integer;
    passed     bigint;
    flooded    boolean;
begin
    perform pg_advisory_xact_lock(hashtextextended('usage:' || held.one, 0))
    from (select one from unnest(array[person_, room_]) as one where one is not null order by one collate "C")
        as held;

    select verdict into said from usage where event = event_;
    if found then
        return said;
    end if;

    select blocked, coalesce(daily_questions, per_person) into is_blocked, own_limit
    from person_rule where person = person_;
    if not found then
        own_limit := per_person;
    end if;

    -- Behind `at_` too: what was written in several chats is not weighed in the order of writing.
    select count(*) filter (where verdict in ('ok', 'person', 'room')), bool_or(verdict = 'flood')
    into passed, flooded
    from usage where person = person_ and at > at_ - interval '1 minute' and at < at_ + interval '1 minute';

    said := case
        when is_blocked then 'blocked'
        when passed >= per_minute then case when flooded then 'silent' else 'flood' end
        when question_ and own_limit <= (
            select count(*) from usage
            where person = person_ and at >= day_::timestamp at time zone 'Asia/Seoul' and day = day_
                and question and verdict = 'ok'
        ) then 'person'
        when question_ and per_room <= (
            select count(*) from usage where room = room_ and day = day_ and question and verdict = 'ok'
        ) then 'room'
        else 'ok'
    end;
    insert into usage (event, person, room, at, day, question, verdict)
    values (event_, person_, coalesce(room_, ''), at_, day_, question_, said);
    if lane_ is not null and said in ('ok', 'person', 'room') then
        insert into conversation (lane, person, chat, thread, private, at)
        values (lane_, person_, chat_, thread_, private_, at_) on conflict do nothing;
    end if;
    return said;
end $$;
