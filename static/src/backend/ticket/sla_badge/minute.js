import { onWillDestroy, reactive, useState } from "@odoo/owl";

const minute = reactive({ now: luxon.DateTime.utc() });
let users = 0;
let timer;

/** The time, once a minute: one timer for all badges of the page, none where there is no badge. */
export function useMinute() {
    minute.now = luxon.DateTime.utc();
    if (!users++) {
        timer = setInterval(() => (minute.now = luxon.DateTime.utc()), 60000);
    }
    onWillDestroy(() => {
        if (!--users) {
            clearInterval(timer);
        }
    });
    return useState(minute);
}
