"""Web Push as the standards write it: their own examples, and addresses that are no push service's."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from bot.settings import Settings
from bot.webpush import BadDevice, Device, Signer, check, encrypted, is_known, new_secret, unpacked
from tests.peers.push_service import Browser

SERVICES = Settings.model_fields["push_services"].default


def _private(number: str) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(unpacked(number)), ec.SECP256R1())


def test_a_message_is_encrypted_as_in_appendix_a_of_rfc_8291() -> None:
    device = Device(
        "https://push.example.net/push/JzLQ3raZJfFBR0aqvOMsLrt54w4rJUsV",
        "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
        "BTBZMqHH6r4Tts7J_aSIgg",
    )
    body = encrypted(
        b"When I grow up, I want to be a watermelon",
        device,
        salt=unpacked("DGv6ra1nlYgDCS1FRnbzlw"),
        own=_private("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"),
    )
    assert body == unpacked(
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl"
        "7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )


def test_what_is_encrypted_is_read_by_its_browser_only() -> None:
    browser, other = Browser.new("https://push.example.net/a"), Browser.new("https://push.example.net/b")
    for text in (b"", "Percakapan baru menunggu – Izin praktik".encode(), b"x" * 3993):
        body = encrypted(text, browser.device)
        assert browser.decrypted(body) == text and len(body) <= 4096
        assert body != encrypted(text, browser.device)  # alike messages do not look alike
    with pytest.raises(Exception):  # noqa: B017 whatever the cipher raises
        other.decrypted(encrypted(b"x", browser.device))


def test_who_sends_is_signed_as_in_rfc_8292() -> None:
    now = datetime.now(UTC)
    signer = Signer(new_secret(), "https://pandu.example.go.id")
    scheme, _, rest = signer.authorization("https://updates.push.services.mozilla.com/wpush/v2/x", now).partition(" ")
    fields = dict(one.split("=", 1) for one in rest.split(", "))
    assert scheme == "vapid" and fields["k"] == signer.public and len(unpacked(signer.public)) == 65
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), unpacked(fields["k"]))
    said = jwt.decode(fields["t"], key, ["ES256"], audience="https://updates.push.services.mozilla.com")
    assert said["sub"] == "https://pandu.example.go.id"
    assert now < datetime.fromtimestamp(said["exp"], UTC) <= now + timedelta(hours=24)


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://fcm.googleapis.com/fcm/send/abc:APA91b",
        "https://updates.push.services.mozilla.com/wpush/v2/gAAA",
        "https://web.push.apple.com/QGuh",
        "https://wns2-sg2p.notify.windows.com/w/?token=BQ%3d",
        "https://fcm.googleapis.com:443/fcm/send/abc",
    ],
)
def test_the_push_services_of_browsers_are_known(endpoint: str) -> None:
    assert is_known(endpoint, SERVICES)


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://fcm.googleapis.com/fcm/send/abc",
        "https://fcm.googleapis.com:8443/fcm/send/abc",
        "https://127.0.0.1/x",
        "https://localhost/x",
        "http://169.254.169.254/latest/meta-data",
        "https://fcm.googleapis.com@127.0.0.1/x",
        "https://fcm.googleapis.com.attacker.example/x",
        "https://attacker.example/fcm.googleapis.com",
        "https://.notify.windows.com/x",
        "https://notify.windows.com.attacker.example/",
        "https://evilnotify.windows.com/",
        "https://fcm.googleapis.com\\@127.0.0.1/x",
        "https://[::1]/x",
        "https://[fcm.googleapis.com]/x",
        "https://fcm.googleapis.com:99999/x",
        "file:///etc/passwd",
        "https://ｆcm.googleapis.com/x",
        "https://fcm.googleapis.com/ x",
        "https://fcm.googleapis.com/x\r\nHost: a",
        "https://127.0.0.1%2f.push.apple.com/x",
        "https://[::1%25.push.apple.com]/x",
        "https://127.0.0.1;.push.apple.com/x",
        "https://fcm.googleapis.com/" + "x" * 1000,
        "",
    ],
)
def test_nothing_else_is(endpoint: str) -> None:
    assert not is_known(endpoint, SERVICES)
    assert not is_known(endpoint, "")


def test_a_service_of_ones_own_is_named_whole() -> None:
    assert is_known("http://127.0.0.1:9000/push/1", "http://127.0.0.1:9000")
    assert not is_known("http://127.0.0.1:9001/push/1", "http://127.0.0.1:9000")


@pytest.mark.parametrize(
    ("p256dh", "auth"), [("", ""), ("AAAA", "BTBZMqHH6r4Tts7J_aSIgg"), ("é", "x"), ("B" + "A" * 86, "AAAA")]
)
def test_what_is_no_key_is_refused(p256dh: str, auth: str) -> None:
    with pytest.raises(BadDevice):
        check(Device("https://fcm.googleapis.com/x", p256dh, auth))
