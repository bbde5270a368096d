"""The family of every intent: what the engine understood, in the 24 words used for measuring and for reports."""

from __future__ import annotations

from typing import Final

FAMILIES: Final[tuple[str, ...]] = (
    "greet",
    "goodbye",
    "thanks",
    "affirm",
    "deny",
    "bot_identity",
    "ask_requirements",
    "ask_procedure",
    "ask_duration",
    "ask_cost",
    "ask_product",
    "ask_legal_basis",
    "ask_contact",
    "ask_risk_or_kbli",
    "account_problem",
    "siinas_registration",
    "siinas_company_data",
    "siinas_reporting",
    "siinas_verification",
    "track_status",
    "complaint",
    "talk_to_human",
    "survey_feedback",
    "out_of_scope",
)

FALLBACK_INTENT: Final = "nlu_fallback"
"""What the engine answers when it is unsure; not listed in domain.yml because Rasa declares it itself."""

INTENT_FAMILY: Final[dict[str, str]] = {
    "greet": "greet",
    "start": "greet",
    "goodbye": "goodbye",
    "thanks": "thanks",
    "affirm": "affirm",
    "deny": "deny",
    "bot_identity": "bot_identity",
    "ask_privacy": "bot_identity",
    "show_menu": "bot_identity",
    "help": "bot_identity",
    "ask_requirements": "ask_requirements",
    "ask_procedure": "ask_procedure",
    "ask_duration": "ask_duration",
    "ask_cost": "ask_cost",
    "ask_product": "ask_product",
    "ask_detail": "ask_product",
    "ask_term": "ask_product",
    "ask_legal_basis": "ask_legal_basis",
    "ask_contact": "ask_contact",
    "ask_risk_or_kbli": "ask_risk_or_kbli",
    "inform": "ask_procedure",
    "ask_entry": "ask_procedure",
    "ask_kbli": "ask_risk_or_kbli",
    "guide_start": "ask_procedure",
    "guide_next": "affirm",
    "guide_back": "deny",
    "guide_stuck": "ask_procedure",
    "guide_stop": "deny",
    "guide_resume": "ask_procedure",
    "guide_answer": "ask_procedure",
    "account_problem": "account_problem",
    "nik_already_registered": "account_problem",
    "otp_not_received": "account_problem",
    "cannot_log_in": "account_problem",
    "data_mismatch_dukcapil": "account_problem",
    "change_email_or_phone": "account_problem",
    "app_error": "account_problem",
    "upload_failed": "account_problem",
    "validation_failed": "account_problem",
    # Troubles that readers of real messages file elsewhere: docs/decisions/005-families-follow-the-readers.md
    "nib_stuck_draft": "track_status",
    "cannot_download": "ask_product",
    "cannot_edit_or_delete_data": "ask_procedure",
    "siinas_registration": "siinas_registration",
    "siinas_company_data": "siinas_company_data",
    "siinas_reporting": "siinas_reporting",
    "siinas_verification": "siinas_verification",
    "siinas_exemption": "siinas_verification",
    "track_status": "track_status",
    "complaint": "complaint",
    "complaint_answer": "complaint",
    "talk_to_human": "talk_to_human",
    "survey_feedback": "survey_feedback",
    "out_of_scope": "out_of_scope",
    FALLBACK_INTENT: "out_of_scope",
}


def family_of(intent: str) -> str:
    """Return the family of `intent`; an intent this version does not know counts as out of scope."""
    return INTENT_FAMILY.get(intent, "out_of_scope")
