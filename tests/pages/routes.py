"""Every page that there is, by name: what accessibility and pictures go through."""

from typing import Final

PAGES: Final[dict[str, str]] = {
    "start": "/start",
    "issues": "/issues?statsPeriod=1h",
    "issue": "/issues/1?statsPeriod=1h",
    "traces": "/traces?statsPeriod=1h",
    "traces-chart": "/traces?statsPeriod=1h&chart=durations",
    "trace": "/traces/{bet_trace}?find=acquirer",
    "trace-filtered": "/traces/{bet_trace}?filter=duration:%3E20ms",
    "trace-flame": "/traces/{bet_trace}?view=flame",
    "trace-list": "/traces/{bet_trace}?view=list",
    "trace-statistics": "/traces/{bet_trace}?view=statistics",
    "trace-logs": "/traces/{shop_trace}?view=logs",
    "trace-journey": "/traces/{bet_trace}?view=journey",
    "trace-compare": "/traces/compare?one={bet_trace}&other={shop_trace}",
    "services": "/services?statsPeriod=1h",
    "service": "/services/of/payment-service?statsPeriod=1h",
    "service-map": "/services/map?statsPeriod=1h",
    "databases": "/services/databases?statsPeriod=1h",
    "queues": "/services/queues?statsPeriod=1h",
    "explore": "/explore?statsPeriod=1h",
    "explore-groups": "/explore?statsPeriod=1h&by=service&figure=p95(span.duration)&figure=count()"
    "&compare=1",
    "explore-heatmap": "/explore?statsPeriod=1h&chart=heatmap&selection=span.status:error",
    "explore-logs": "/explore?statsPeriod=1h&dataset=logs",
    "explore-errors": "/explore?statsPeriod=1h&dataset=errors",
    "explore-metrics": "/explore?statsPeriod=1h&dataset=tracemetrics",
    "settings": "/settings",
    "settings-project": "/settings/projects/default",
    "settings-people": "/settings/people",
    "settings-tokens": "/settings/tokens",
    "settings-outcomes": "/settings/outcomes?statsPeriod=1h",
    "settings-server": "/settings/server",
    "no-such-page": "/nothing/here",
}
"""A new page is one line here."""
