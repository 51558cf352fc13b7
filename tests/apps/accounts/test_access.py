"""How far each role reaches, as a condition on rows and as a question about one."""

import pytest

from seamark.apps.accounts.access import may, reach
from seamark.apps.accounts.models import Member, Post, Team
from seamark.apps.accounts.roles import Action
from seamark.apps.contacts.models import Contact

pytestmark = pytest.mark.covers("F01")


@pytest.fixture
def contacts(cast, make_contact):
    return [
        make_contact(name="Alice's"),
        make_contact(name="Bob's", owner=cast.bob),
        make_contact(name="southern sea", owner=None),
        make_contact(name="Charlie's", owner=cast.charlie, team=cast.north),
        make_contact(name="northern sea", owner=None, team=cast.north),
    ]


def reached(member: Member, action: Action, contacts: list[Contact]) -> set[str]:
    """Asked in both ways, which must agree."""
    asked = reach(member, action)
    names = set(Contact.objects.filter(asked.condition()).values_list("name", flat=True))
    covered = {each.name for each in contacts if asked.covers(owner=each.owner_id, team=each.team_id)}
    assert names == covered
    return names


ALL = {"Alice's", "Bob's", "southern sea", "Charlie's", "northern sea"}


@pytest.mark.parametrize(
    ("who", "action", "expected"),
    [
        ("alice", "view", {"Alice's", "southern sea"}),
        ("alice", "edit", {"Alice's"}),
        ("alice", "claim", {"southern sea"}),
        ("alice", "export", set()),
        ("charlie", "view", {"Charlie's", "northern sea"}),
        ("rita", "view", ALL),
        ("rita", "edit", set()),
        ("rita", "unmask", set()),
        ("boss", "edit", ALL),
        ("admin", "view", set()),
    ],
)
def test_a_role_reaches_so_far(cast, contacts, who, action, expected):
    assert reached(getattr(cast, who), Action(action), contacts) == expected


def test_a_manager_reads_the_team_and_a_regional_manager_all_below(cast, contacts):
    city = Team.objects.create(name="City", above=cast.south)
    contacts.append(Contact.objects.create(name="in the city", team=city))
    manager = Member.objects.create_user("m@example.com", "x", name="M")
    Post.objects.create(member=manager, team=cast.south, role="manager")
    assert reached(manager, Action.VIEW, contacts) == {"Alice's", "Bob's", "southern sea"}
    regional = Member.objects.create_user("r@example.com", "x", name="R")
    Post.objects.create(member=regional, team=cast.south, role="regional-manager")
    assert reached(regional, Action.VIEW, contacts) == {"Alice's", "Bob's", "southern sea", "in the city"}


def test_several_roles_add_up(cast, contacts):
    Post.objects.create(member=cast.alice, team=cast.north, role="manager")
    assert reached(cast.alice, Action.VIEW, contacts) == ALL - {"Bob's"}
    assert reached(cast.alice, Action.EDIT, contacts) == {"Alice's"}


def test_who_has_left_reaches_nothing(cast, contacts):
    cast.boss.is_active = False
    assert not reach(cast.boss, Action.VIEW)
    assert not may(cast.boss, Action.RULEBOOKS)


def test_rights_without_a_scope(cast):
    assert may(cast.admin, Action.MEMBERS)
    assert not may(cast.alice, Action.MEMBERS)
