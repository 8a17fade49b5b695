-- One-time codes that make accounts of two platforms one person. A code is taken by one UPDATE, so that of two
-- who give it at once, whatever processes they are handled in, the second finds it taken.

create table link_code (
    code     text primary key,
    person   text not null,             -- who got it, as core.profile.profiles labels them
    until    timestamptz not null,
    taken_by text                       -- the same one may give it again: a message may be handled twice
);

do $$ begin
    if to_regclass('store') is not null then  -- where codes were kept before; they lasted ten minutes
        delete from store where prefix = 'link';
    end if;
end $$;
