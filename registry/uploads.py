"""What the API views that take files have in common."""

from typing import Any

from django.conf import settings
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request

from registry.scope import WorkspaceAPI
from registry.services.component_uploads import TooLarge

ENVELOPE = 1024 * 1024
"""What the other fields of a multipart body may take."""


class UploadAPI(WorkspaceAPI):
    """Refuses a body above the limit before any of it is parsed."""

    parser_classes = [MultiPartParser]
    limit_setting = "UPLOAD_LIMIT"

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        limit = getattr(settings, self.limit_setting)
        if int(request.META.get("CONTENT_LENGTH") or 0) > limit + ENVELOPE:
            raise TooLarge(f"The upload is larger than {limit / 1e6:.0f} MB, the limit of this server.")
        super().initial(request, *args, **kwargs)
