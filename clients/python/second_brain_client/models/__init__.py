"""Contains all the data models used in inputs/outputs"""

from .action import Action
from .adjust_credits import AdjustCredits
from .adjusted_out import AdjustedOut
from .admin_payment_out import AdminPaymentOut
from .admin_payments_out import AdminPaymentsOut
from .aged_queue_out import AgedQueueOut
from .ask_body import AskBody
from .ask_out import AskOut
from .audit_out import AuditOut
from .backlog_out import BacklogOut
from .because import Because
from .because_out import BecauseOut
from .block_out import BlockOut
from .block_out_metadata import BlockOutMetadata
from .block_type import BlockType
from .blocks_out import BlocksOut
from .breaker_out import BreakerOut
from .certificate_out import CertificateOut
from .certificate_out_firebase_user import CertificateOutFirebaseUser
from .certificate_out_rows import CertificateOutRows
from .certificate_out_stripe_customer import CertificateOutStripeCustomer
from .change_out import ChangeOut
from .changes_out import ChangesOut
from .checkout_out import CheckoutOut
from .citation_out import CitationOut
from .commit_upload import CommitUpload
from .committed_out import CommittedOut
from .concern_out import ConcernOut
from .create_session import CreateSession
from .credit_move_out import CreditMoveOut
from .credits_out import CreditsOut
from .daily_usage_out import DailyUsageOut
from .dead_letter_out import DeadLetterOut
from .dead_letter_out_ids import DeadLetterOutIds
from .dead_letters_out import DeadLettersOut
from .declare_import import DeclareImport
from .deed_out import DeedOut
from .deed_out_details import DeedOutDetails
from .device_out import DeviceOut
from .document_out import DocumentOut
from .document_out_components import DocumentOutComponents
from .document_out_info import DocumentOutInfo
from .document_out_paths import DocumentOutPaths
from .document_out_servers_item import DocumentOutServersItem
from .document_out_tags_item import DocumentOutTagsItem
from .edit_block import EditBlock
from .edit_block_metadata_type_0 import EditBlockMetadataType0
from .edit_profile import EditProfile
from .edit_pushes import EditPushes
from .edit_session import EditSession
from .entry_out import EntryOut
from .event_state import EventState
from .export_out import ExportOut
from .export_out_counts import ExportOutCounts
from .filters_in import FiltersIn
from .filters_in_block_type_type_0 import FiltersInBlockTypeType0
from .filters_in_session_type_type_0 import FiltersInSessionTypeType0
from .finalize_session import FinalizeSession
from .gateway_message import GatewayMessage
from .health_out import HealthOut
from .history_out import HistoryOut
from .hybrid_body import HybridBody
from .hybrid_out import HybridOut
from .hybrid_out_period_type_0 import HybridOutPeriodType0
from .hybrid_result_out import HybridResultOut
from .hybrid_result_out_events_item import HybridResultOutEventsItem
from .import_out import ImportOut
from .import_out_counts import ImportOutCounts
from .import_upload_out import ImportUploadOut
from .import_upload_out_headers import ImportUploadOutHeaders
from .item import Item
from .job_out import JobOut
from .job_status import JobStatus
from .job_step_out import JobStepOut
from .jobs_out import JobsOut
from .ledger_out import LedgerOut
from .live_out import LiveOut
from .log_out import LogOut
from .mark_out import MarkOut
from .media_out import MediaOut
from .media_type import MediaType
from .missing_part_out import MissingPartOut
from .missing_part_out_headers import MissingPartOutHeaders
from .moved_out import MovedOut
from .multipart_out import MultipartOut
from .one_block import OneBlock
from .one_block_metadata import OneBlockMetadata
from .package_out import PackageOut
from .packages_out import PackagesOut
from .parts_out import PartsOut
from .passage_out import PassageOut
from .payment_out import PaymentOut
from .presign_upload import PresignUpload
from .problem import Problem
from .profile_out import ProfileOut
from .provider_out import ProviderOut
from .providers_out import ProvidersOut
from .pushes_out import PushesOut
from .put_device import PutDevice
from .queue_out import QueueOut
from .queues_out import QueuesOut
from .receipt_out import ReceiptOut
from .receipt_step_out import ReceiptStepOut
from .received_out import ReceivedOut
from .reconcile_items import ReconcileItems
from .reconciled_out import ReconciledOut
from .redrive_dead_letters import RedriveDeadLetters
from .redriven_out import RedrivenOut
from .reembedding_out import ReembeddingOut
from .related_out import RelatedOut
from .related_session_out import RelatedSessionOut
from .replay_webhook import ReplayWebhook
from .rerun_out import RerunOut
from .rerun_step import RerunStep
from .result_out import ResultOut
from .search_body import SearchBody
from .search_out import SearchOut
from .segment_out import SegmentOut
from .session_facts_out import SessionFactsOut
from .session_facts_page_out import SessionFactsPageOut
from .session_out import SessionOut
from .session_page_out import SessionPageOut
from .session_status import SessionStatus
from .session_type import SessionType
from .start_checkout import StartCheckout
from .status_out import StatusOut
from .step_count_out import StepCountOut
from .step_kind import StepKind
from .step_out import StepOut
from .step_state import StepState
from .stored_part_out import StoredPartOut
from .stripe_webhook_receive_body import StripeWebhookReceiveBody
from .stuck_step_out import StuckStepOut
from .switch_provider import SwitchProvider
from .thing_kind import ThingKind
from .tombstone_out import TombstoneOut
from .upload_out import UploadOut
from .upload_out_headers import UploadOutHeaders
from .usage_out import UsageOut
from .usage_totals_out import UsageTotalsOut
from .user_facts_out import UserFactsOut
from .user_facts_out_sessions import UserFactsOutSessions
from .user_out import UserOut
from .user_usage_out import UserUsageOut
from .users_of_model_out import UsersOfModelOut
from .users_out import UsersOut
from .verdict_out import VerdictOut
from .webhook_out import WebhookOut
from .webhook_out_about import WebhookOutAbout
from .webhooks_out import WebhooksOut
from .whole_session_out import WholeSessionOut
from .wrong_field import WrongField

__all__ = (
    "Action",
    "AdjustCredits",
    "AdjustedOut",
    "AdminPaymentOut",
    "AdminPaymentsOut",
    "AgedQueueOut",
    "AskBody",
    "AskOut",
    "AuditOut",
    "BacklogOut",
    "Because",
    "BecauseOut",
    "BlockOut",
    "BlockOutMetadata",
    "BlocksOut",
    "BlockType",
    "BreakerOut",
    "CertificateOut",
    "CertificateOutFirebaseUser",
    "CertificateOutRows",
    "CertificateOutStripeCustomer",
    "ChangeOut",
    "ChangesOut",
    "CheckoutOut",
    "CitationOut",
    "CommittedOut",
    "CommitUpload",
    "ConcernOut",
    "CreateSession",
    "CreditMoveOut",
    "CreditsOut",
    "DailyUsageOut",
    "DeadLetterOut",
    "DeadLetterOutIds",
    "DeadLettersOut",
    "DeclareImport",
    "DeedOut",
    "DeedOutDetails",
    "DeviceOut",
    "DocumentOut",
    "DocumentOutComponents",
    "DocumentOutInfo",
    "DocumentOutPaths",
    "DocumentOutServersItem",
    "DocumentOutTagsItem",
    "EditBlock",
    "EditBlockMetadataType0",
    "EditProfile",
    "EditPushes",
    "EditSession",
    "EntryOut",
    "EventState",
    "ExportOut",
    "ExportOutCounts",
    "FiltersIn",
    "FiltersInBlockTypeType0",
    "FiltersInSessionTypeType0",
    "FinalizeSession",
    "GatewayMessage",
    "HealthOut",
    "HistoryOut",
    "HybridBody",
    "HybridOut",
    "HybridOutPeriodType0",
    "HybridResultOut",
    "HybridResultOutEventsItem",
    "ImportOut",
    "ImportOutCounts",
    "ImportUploadOut",
    "ImportUploadOutHeaders",
    "Item",
    "JobOut",
    "JobsOut",
    "JobStatus",
    "JobStepOut",
    "LedgerOut",
    "LiveOut",
    "LogOut",
    "MarkOut",
    "MediaOut",
    "MediaType",
    "MissingPartOut",
    "MissingPartOutHeaders",
    "MovedOut",
    "MultipartOut",
    "OneBlock",
    "OneBlockMetadata",
    "PackageOut",
    "PackagesOut",
    "PartsOut",
    "PassageOut",
    "PaymentOut",
    "PresignUpload",
    "Problem",
    "ProfileOut",
    "ProviderOut",
    "ProvidersOut",
    "PushesOut",
    "PutDevice",
    "QueueOut",
    "QueuesOut",
    "ReceiptOut",
    "ReceiptStepOut",
    "ReceivedOut",
    "ReconciledOut",
    "ReconcileItems",
    "RedriveDeadLetters",
    "RedrivenOut",
    "ReembeddingOut",
    "RelatedOut",
    "RelatedSessionOut",
    "ReplayWebhook",
    "RerunOut",
    "RerunStep",
    "ResultOut",
    "SearchBody",
    "SearchOut",
    "SegmentOut",
    "SessionFactsOut",
    "SessionFactsPageOut",
    "SessionOut",
    "SessionPageOut",
    "SessionStatus",
    "SessionType",
    "StartCheckout",
    "StatusOut",
    "StepCountOut",
    "StepKind",
    "StepOut",
    "StepState",
    "StoredPartOut",
    "StripeWebhookReceiveBody",
    "StuckStepOut",
    "SwitchProvider",
    "ThingKind",
    "TombstoneOut",
    "UploadOut",
    "UploadOutHeaders",
    "UsageOut",
    "UsageTotalsOut",
    "UserFactsOut",
    "UserFactsOutSessions",
    "UserOut",
    "UsersOfModelOut",
    "UsersOut",
    "UserUsageOut",
    "VerdictOut",
    "WebhookOut",
    "WebhookOutAbout",
    "WebhooksOut",
    "WholeSessionOut",
    "WrongField",
)
