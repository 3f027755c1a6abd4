{
    "name": "Service Desk: meetings in the calendar",
    "summary": "A meeting recorded on a ticket is put into Odoo's calendar, or tied to an event that is there",
    "version": "19.0.1.0.0",
    "category": "Services/Service Desk",
    "author": "Service Desk",
    "website": "https://servicedesk.example",
    "license": "LGPL-3",
    "depends": ["servicedesk", "calendar"],
    "auto_install": True,
    "assets": {
        "web.assets_backend": ["servicedesk_calendar/static/src/**/*"],
        "web.assets_tests": ["servicedesk_calendar/static/tests/**/*"],
    },
}
