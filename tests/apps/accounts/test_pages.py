"""Signing in, the settings, and who may open them."""

import pytest
from django.test import Client
from django.urls import reverse

from seamark.apps.accounts.models import Member, Post, Team
from tests.apps.conftest import PASSWORD, Cast

pytestmark = pytest.mark.covers("F01")

MANAGING = ["/settings/members/", "/settings/members/add/", "/settings/teams/"]


def signed_in(member: Member) -> Client:
    client = Client()
    client.force_login(member, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_a_member_signs_in_with_address_and_password(cast: Cast):
    client = Client()
    answer = client.post(
        reverse("account_login"), {"login": "Alice@Example.com", "password": PASSWORD, "next": "/settings/"}
    )
    assert answer.status_code == 302
    assert client.get("/settings/").status_code == 200


def test_signing_in_says_nothing_in_a_language_of_somebody_else(cast: Cast):
    Member.objects.filter(pk=cast.alice.pk).update(language="zh-hans")
    signing_in = {"login": "alice@example.com", "password": PASSWORD}
    page = Client(headers={"accept-language": "en"}).post(reverse("account_login"), signing_in, follow=True)
    assert "Alice" in page.content.decode()
    assert list(page.context["messages"]) == []


def test_after_ten_wrong_passwords_the_right_one_must_wait(cast: Cast):
    client = Client()
    for _ in range(10):
        client.post(reverse("account_login"), {"login": "alice@example.com", "password": "wrong password"})
    client.post(reverse("account_login"), {"login": "alice@example.com", "password": PASSWORD})
    assert client.get("/settings/").status_code == 302


def test_nobody_signs_up(db: None):
    answer = Client().post("/account/signup/", {"email": "eve@example.com", "password1": PASSWORD})
    assert answer.status_code == 200
    assert not Member.objects.exists()


@pytest.mark.parametrize("page", ["/settings/", "/settings/roles/", *MANAGING])
def test_strangers_are_sent_to_sign_in(db: None, page: str):
    assert Client().get(page)["Location"].startswith("/account/login/")


@pytest.mark.parametrize("page", MANAGING)
def test_only_who_may_manage_members_opens_their_pages(cast: Cast, page: str):
    assert signed_in(cast.admin).get(page).status_code == 200
    assert signed_in(cast.charlie).get(page).status_code == 403


def mei(cast: Cast, **overrides: str) -> dict[str, object]:
    """The form for a new member."""
    role = {"role": "salesperson", "team": cast.south.pk}
    return {"name": "Mei", "email": "Mei@example.com", "password": PASSWORD} | role | overrides


def test_an_administrator_adds_a_member_who_can_sign_in(cast: Cast):
    assert signed_in(cast.admin).post("/settings/members/add/", mei(cast)).status_code == 302
    signing_in = {"login": "mei@example.com", "password": PASSWORD}
    assert Client().post(reverse("account_login"), signing_in).status_code == 302
    assert Post.objects.get(member__email="mei@example.com").team == cast.south


def test_a_weak_password_or_a_taken_address_is_refused_in_the_form(cast: Cast):
    answer = signed_in(cast.admin).post("/settings/members/add/", mei(cast, email="alice@example.com"))
    assert answer.status_code == 422
    assert "alice@example.com" in answer.content.decode()
    answer = signed_in(cast.admin).post("/settings/members/add/", mei(cast, password="1234567890"))
    assert answer.status_code == 422


def test_the_last_administrator_stays(cast: Cast):
    client = signed_in(cast.admin)
    client.post(f"/settings/members/{cast.admin.pk}/switch/")
    post = cast.admin.posts.get()
    client.post(f"/settings/members/{cast.admin.pk}/posts/{post.pk}/remove/")
    assert Post.objects.filter(pk=post.pk, member__is_active=True).exists()


def test_who_has_left_cannot_go_on(cast: Cast):
    alice = signed_in(cast.alice)
    assert alice.get("/settings/").status_code == 200
    signed_in(cast.admin).post(f"/settings/members/{cast.alice.pk}/switch/")
    assert alice.get("/settings/").status_code == 302


def test_a_team_does_not_stand_below_itself(cast: Cast):
    top = cast.south.above
    signed_in(cast.admin).post(
        f"/settings/teams/{top.pk}/", {"name": top.name, "kind": top.kind, "above": cast.south.pk}
    )
    assert Team.objects.get(pk=top.pk).above is None


def test_the_language_is_kept_with_the_member(cast: Cast):
    client = signed_in(cast.alice)
    client.post(reverse("set_language"), {"language": "zh-hans", "next": "https://evil.example/"})
    assert "设置" in client.get("/settings/").content.decode()


def test_the_switch_leads_nowhere_else(cast: Cast):
    answer = signed_in(cast.alice).post(reverse("set_language"), {"language": "en", "next": "https://evil.example/"})
    assert answer["Location"] == "/"


@pytest.mark.covers("F03")
def test_what_was_done_stands_in_the_record(cast: Cast):
    signed_in(cast.admin).post("/settings/members/add/", mei(cast))
    page = signed_in(cast.rita).get("/settings/record/").content.decode()
    assert "Added a member" in page
    assert "Mei, salesperson, South" in page
    assert signed_in(cast.charlie).get("/settings/record/").status_code == 403


def test_a_new_password_ends_old_sessions(cast: Cast):
    alice = signed_in(cast.alice)
    form = {"password": "another long password"}
    assert signed_in(cast.admin).post(f"/settings/members/{cast.alice.pk}/password/", form).status_code == 302
    assert alice.get("/settings/").status_code == 302


def test_a_form_that_is_too_old_is_refused_in_words(cast: Cast):
    client = Client(enforce_csrf_checks=True)
    answer = client.post(reverse("account_login"), {"login": "alice@example.com", "password": PASSWORD})
    assert answer.status_code == 403
    assert "send it again" in answer.content.decode()
