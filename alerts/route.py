"""Which center serves an enterprise: the one of its city, else the provincial one."""

from __future__ import annotations

from collections.abc import Sequence

from index.records import Center, Enterprise

# Stands until centers are imported: alerts are made and held, nothing leaves.
UNASSIGNED = Center(
    id="unassigned", name="海外知识产权纠纷应对指导分中心（尚未登记）", provincial=True, grace_hours=None
)


def center_for(enterprise: Enterprise, centers: Sequence[Center]) -> Center:
    """The center that owns an enterprise's cases. Several of one city: the first by id."""
    city = plain_city(enterprise.city)
    own = (c for c in centers if city and not c.provincial and city in map(plain_city, c.cities))
    return next(own, provincial(centers))


def provincial(centers: Sequence[Center]) -> Center:
    """The provincial center, the fallback of every route."""
    return next((center for center in centers if center.provincial), UNASSIGNED)


def plain_city(city: str) -> str:
    """A city's name without its rank: 烟台市 and 烟台 are one."""
    bare = city.strip()
    return bare.removesuffix("市") if len(bare) > 2 else bare
