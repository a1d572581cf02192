"""Triggers that keep a published version and everything below it as it was published."""

import pgtrigger


def published_version_is_fixed() -> pgtrigger.Trigger:
    """Refuse every change of a published version but its end and its retirement."""
    return pgtrigger.Trigger(
        name="published_version_is_fixed",
        when=pgtrigger.Before,
        operation=pgtrigger.Update | pgtrigger.Delete,
        condition=pgtrigger.Condition("OLD.state <> 'draft'"),
        func="""
            IF TG_OP = 'UPDATE'
                AND (NEW.state = OLD.state OR NEW.state = 'retired')
                AND to_jsonb(NEW) - '{state,valid_until}'::text[]
                    = to_jsonb(OLD) - '{state,valid_until}'::text[]
            THEN
                RETURN NEW;
            END IF;
            RAISE EXCEPTION 'a published service version is not changed but followed by another'
                USING ERRCODE = 'check_violation';
        """,
    )


def part_is_fixed(version: str) -> pgtrigger.Trigger:
    """Refuse every change of a part of a version that is no longer a draft.

    ``version`` is SQL that gives the version's id from ``part``, the row that changes. The share
    lock on the version keeps a part from slipping in while another session publishes it.
    """
    return pgtrigger.Trigger(
        name="part_is_fixed",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        declare=[("part", "record"), ("version_state", "text")],
        func=_refusal_for(version),
    )


def _refusal_for(version: str) -> str:
    refusals = "".join(
        f"""
            IF TG_OP <> '{unless}' THEN
                part := {row};
                SELECT state INTO version_state FROM catalogue_serviceversion
                    WHERE id = ({version}) FOR SHARE;
                IF version_state <> 'draft' THEN
                    RAISE EXCEPTION 'this part belongs to a service version that is published'
                        USING ERRCODE = 'check_violation';
                END IF;
            END IF;"""  # noqa: S608 - the SQL is this project's own
        for unless, row in (("INSERT", "OLD"), ("DELETE", "NEW"))
    )
    return f"""{refusals}
            IF TG_OP = 'DELETE' THEN
                RETURN OLD;
            END IF;
            RETURN NEW;
        """
