"""Replies: the metadata and the pictures that go with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from rls3.engine.metadata.builder import MetadataBuilder
from rls3.engine.pictures.picture import Picture
from rls3.engine.protocol.transport import Field
from rls3.engine.session import Session, Settings

Images = list[tuple[Field, bytes]]


@dataclass
class Outcome:
    """What became of an action."""

    action: str
    sequence: int
    success: bool = True
    message: str = ""
    code: str | None = None
    result: Any = None

    def fail(self, message: str, code: str | None = None) -> None:
        """Note a failure and its reason."""
        self.success, self.message, self.code, self.result = False, message, code, None

    def fields(self, agent: int) -> dict[str, Any]:
        """Return the part of the metadata that speaks of the action."""
        return {
            "lastAction": self.action,
            "errorMessage": self.message,
            "errorCode": self.code,
            "lastActionSuccess": self.success,
            "agentId": agent,
            "actionReturn": self.result,
        }


@dataclass(frozen=True)
class RenderRequest:
    """Which pictures a reply carries; `extra` says that the action itself asked for more than Initialize did."""

    image: bool = True
    depth: bool = False
    normals: bool = False
    instances: bool = False
    classes: bool = False
    extra: bool = False

    @staticmethod
    def of(message: dict[str, Any], settings: Settings) -> RenderRequest:
        """Return what Initialize's settings and the action's own flags ask for."""
        image = bool(message.get("renderImage", settings.render_image))
        normals = message.get("renderNormalsImage")
        instances = message.get("renderInstanceSegmentation", message.get("renderObjectImage"))
        classes = message.get("renderSemanticSegmentation", message.get("renderClassImage"))
        return RenderRequest(
            image=image,
            depth=settings.render_depth,
            normals=bool(settings.render_normals if normals is None else normals),
            instances=bool(settings.render_instances if instances is None else instances),
            classes=bool(settings.render_classes if classes is None else classes),
            extra=any(flag is not None for flag in (normals, instances, classes)),
        )


@dataclass
class Reply:
    """One message to the client."""

    kind: Field
    body: dict[str, Any]
    images: Images = field(default_factory=list)


def patch_reply(session: Session, outcome: Outcome) -> Reply:
    """Return the short reply of a query: the client merges it into its previous event."""
    return Reply(Field.METADATA_PATCH, outcome.fields(session.active_agent))


def full_reply(session: Session, outcome: Outcome, request: RenderRequest) -> Reply:
    """Return the whole metadata of all agents and, once the scene is initialised, the pictures asked for."""
    builder = MetadataBuilder(session)
    drawing = request.image and session.initialized
    images: Images = []
    if drawing:
        for camera in range(len(session.world.cameras)):
            images += _encode(session.view.of_camera(session.world, camera, session.optics), request, _CAMERA_FIELDS)
    agents = []
    for number in range(len(session.world.agents)):
        picture = session.view.of_agent(session.world, number, session.optics) if drawing else None
        record = builder.agent(number, picture)
        record.update(outcome.fields(number))
        record["colors"] = None
        if picture is not None and (request.instances or request.classes):
            record["colors"] = picture.labels.records
        agents.append(record)
        if picture is not None:
            images += _encode(picture, request, _AGENT_FIELDS)
    body = {
        "agents": agents,
        "thirdPartyCameras": builder.cameras(),
        "activeAgentId": session.active_agent,
        "sequenceId": outcome.sequence,
    }
    return Reply(Field.METADATA, body, images)


_AGENT_FIELDS = (Field.RGB, Field.DEPTH, Field.NORMALS, Field.IDS, Field.CLASSES)
_CAMERA_FIELDS = (
    Field.CAMERA_RGB,
    Field.CAMERA_DEPTH,
    Field.CAMERA_NORMALS,
    Field.CAMERA_IDS,
    Field.CAMERA_CLASSES,
)


def _encode(picture: Picture, request: RenderRequest, fields: tuple[Field, Field, Field, Field, Field]) -> Images:
    rgb, depth, normals, ids, classes = fields
    images: Images = [(rgb, picture.rgb_bytes())]
    if request.depth:
        images.append((depth, picture.depth_bytes()))
    if request.normals:
        images.append((normals, picture.normal_bytes()))
    if request.instances or request.classes:
        images.append((ids, picture.instance_bytes()))
    if request.classes:
        images.append((classes, picture.class_bytes()))
    return images
