"""Who I am, the workspaces I share, their members, and my tokens."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from registry.models import ApiToken, Membership, User, Workspace
from registry.problems import Problem
from registry.scope import PersonAPI, WorkspaceAPI
from registry.services.access import member_add, member_change, member_remove, workspace_create
from registry.services.tokens import token_create, token_revoke


class PersonOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    username = serializers.CharField()
    name = serializers.CharField(source="shown_name")


class MeOutput(PersonOutput):
    email = serializers.CharField(allow_blank=True)
    theme = serializers.CharField(help_text="`system`, `light` or `dark`.")
    color = serializers.CharField(help_text="in which others see this person on a canvas")


class WorkspaceOutput(serializers.Serializer[Any]):
    slug = serializers.CharField(source="workspace.slug")
    name = serializers.CharField(source="workspace.name")
    role = serializers.ChoiceField(choices=Membership.Role.choices)
    created_at = serializers.DateTimeField(source="workspace.created_at")


class WorkspaceInput(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=100)
    slug = serializers.SlugField(required=False, max_length=50, help_text="default: made from the name")


class MemberOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    user = PersonOutput(help_text="Who it is.")
    role = serializers.ChoiceField(choices=Membership.Role.choices)
    created_at = serializers.DateTimeField()


class MemberInput(serializers.Serializer[Any]):
    username = serializers.CharField(max_length=150)
    role = serializers.ChoiceField(choices=Membership.Role.choices, default=Membership.Role.EDITOR)


class RoleInput(serializers.Serializer[Any]):
    role = serializers.ChoiceField(choices=Membership.Role.choices)


class TokenOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    prefix = serializers.CharField(help_text="Its first characters.")
    scopes = serializers.ListField(
        child=serializers.ChoiceField(ApiToken.Scope.choices), help_text="What it may do, as far as its user may."
    )
    workspace = serializers.CharField(
        source="workspace.slug",
        default=None,
        allow_null=True,
        help_text="The only one it works in; null: all of yours.",
    )
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField(allow_null=True, help_text="When it stops working; null: never.")
    last_used_at = serializers.DateTimeField(
        allow_null=True, help_text="When it was last used, to the minute; null: never."
    )


class NewTokenOutput(TokenOutput):
    secret = serializers.CharField(help_text="shown now and never again")


class TokenInput(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=100)
    days = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, max_value=3650, help_text="How long it works; null: for ever."
    )
    scopes = serializers.ListField(
        child=serializers.ChoiceField(ApiToken.Scope.choices),
        required=False,
        help_text="What it may do; missing: all. `view` is always there.",
    )
    workspace = serializers.SlugField(
        required=False, allow_null=True, help_text="Slug of the only workspace that it works in; missing: all of yours."
    )


class Me(PersonAPI):
    @extend_schema(operation_id="me", responses=MeOutput)
    def get(self, request: Request) -> Response:
        """The account that this request acts for."""
        return Response(MeOutput(self.person).data)


class Workspaces(PersonAPI):
    @extend_schema(operation_id="workspaces_list", responses=WorkspaceOutput(many=True))
    def get(self, request: Request) -> Response:
        """The workspaces that you are a member of, and your role in each."""
        found = Membership.objects.filter(user=self.person).select_related("workspace")
        if (token := self.token(request)) and token.workspace_id is not None:
            found = found.filter(workspace=token.workspace_id)
        return Response(WorkspaceOutput(found.order_by("workspace__name"), many=True).data)

    @extend_schema(operation_id="workspaces_create", request=WorkspaceInput, responses={201: WorkspaceOutput})
    def post(self, request: Request) -> Response:
        """A new workspace, with you as its owner and the built-in components in it."""
        given = WorkspaceInput(data=request.data)
        given.is_valid(raise_exception=True)
        workspace: Workspace = workspace_create(owner=self.person, **given.validated_data)
        membership = Membership.objects.select_related("workspace").get(workspace=workspace, user=self.person)
        return Response(WorkspaceOutput(membership).data, status=status.HTTP_201_CREATED)


class Members(WorkspaceAPI):
    action = "manage"

    @extend_schema(operation_id="members_list", responses=MemberOutput(many=True))
    def get(self, request: Request, **kwargs: Any) -> Response:
        """Who shares this workspace."""
        found = Membership.objects.filter(workspace=self.workspace).select_related("user")
        return Response(MemberOutput(found.order_by("user__username"), many=True).data)

    @extend_schema(operation_id="members_add", request=MemberInput, responses={201: MemberOutput})
    def post(self, request: Request, **kwargs: Any) -> Response:
        """Add somebody who has an account."""
        given = MemberInput(data=request.data)
        given.is_valid(raise_exception=True)
        user = User.objects.filter(username=given.validated_data["username"], is_active=True).first()
        if user is None:
            raise serializers.ValidationError({"username": ["There is no account with this user name."]})
        membership = member_add(workspace=self.workspace, user=user, role=given.validated_data["role"])
        return Response(MemberOutput(membership).data, status=status.HTTP_201_CREATED)


class Member(WorkspaceAPI):
    action = "manage"

    def find(self, member: int) -> Membership:
        found: Membership = get_object_or_404(
            Membership.objects.select_related("user"), workspace=self.workspace, pk=member
        )
        return found

    @extend_schema(operation_id="members_change", request=RoleInput, responses=MemberOutput)
    def patch(self, request: Request, member: int, **kwargs: Any) -> Response:
        """Give a member another role."""
        given = RoleInput(data=request.data)
        given.is_valid(raise_exception=True)
        membership = self.find(member)
        member_change(membership=membership, role=given.validated_data["role"])
        return Response(MemberOutput(membership).data)

    @extend_schema(operation_id="members_remove", responses={204: None})
    def delete(self, request: Request, member: int, **kwargs: Any) -> Response:
        """Take a member out; the last owner stays."""
        member_remove(membership=self.find(member))
        return Response(status=status.HTTP_204_NO_CONTENT)


class Tokens(PersonAPI):
    idempotent = False  # the answer is a secret

    @extend_schema(operation_id="tokens_list", responses=TokenOutput(many=True))
    def get(self, request: Request) -> Response:
        """Your tokens, without their secrets."""
        return Response(
            TokenOutput(ApiToken.objects.filter(user=self.person).select_related("workspace"), many=True).data
        )

    @extend_schema(operation_id="tokens_create", request=TokenInput, responses={201: NewTokenOutput})
    def post(self, request: Request) -> Response:
        """Make a token. Only from the browser: a token that leaked must not be able to make others."""
        if self.token(request):
            raise Problem(403, "session_needed", "Tokens are made on the account page, not with another token.")
        given = TokenInput(data=request.data)
        given.is_valid(raise_exception=True)
        token, secret = token_create(user=self.person, **given.validated_data)
        return Response(TokenOutput(token).data | {"secret": secret}, status=status.HTTP_201_CREATED)


class Token(PersonAPI):
    @extend_schema(operation_id="tokens_revoke", responses={204: None})
    def delete(self, request: Request, token: int) -> Response:
        """Revoke it: it stops working at once."""
        token_revoke(token=get_object_or_404(ApiToken, user=self.person, pk=token))
        return Response(status=status.HTTP_204_NO_CONTENT)
