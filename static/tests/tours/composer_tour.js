import { registry } from "@web/core/registry";

const editor = ".o_sd_composer .o_sd_editor";

const write = (text) => [
    { content: "Answer", trigger: ".o_sd_answers .o_sd_reply", run: "click" },
    { trigger: ".o_sd_send:contains(Jana Novotná)" },
    { trigger: `${editor} p`, run: `editor ${text}` },
    { content: "Saved by itself", trigger: ".o_sd_saved:not(:empty)" },
];

registry.category("web_tour.tours").add("servicedesk_undo", {
    steps: () => [
        ...write("Please restart the gateway."),
        { trigger: ".o_sd_send", run: "click" },
        { trigger: ".o_sd_item.o_sd_out .o_sd_body:shadow .o_sd_text:contains(Please restart the gateway.)" },
        { content: "The countdown runs", trigger: ".o_sd_undo:contains(Jana Novotná) .o_sd_num:contains(s)" },
        { content: "Have it back", trigger: ".o_sd_undo .o_sd_take_back", run: "click" },
        { content: "Written as before", trigger: `${editor}:contains(Please restart the gateway.)` },
        { content: "The bar has gone", trigger: "body:not(:has(.o_sd_undo))" },
        { content: "It is not on the time line", trigger: ".o_sd_timeline:not(:has(.o_sd_item.o_sd_out))" },
        { content: "Again, by the key", trigger: ".o_sd_send", run: "click" },
        { trigger: ".o_sd_undo" },
        { trigger: ".o_sd_item.o_sd_out .o_sd_card", run: "press z" },
        { trigger: `${editor}:contains(Please restart the gateway.)` },
    ],
});

registry.category("web_tour.tours").add("servicedesk_schedule", {
    steps: () => [
        ...write("Please restart the gateway."),
        { content: "Not now", trigger: ".o_sd_send_later", run: "click" },
        { trigger: ".o_sd_send_later_menu [data-preset=tomorrow]", run: "click" },
        {
            content: "It waits, last",
            trigger: ".o_sd_pending_item:last-child .o_sd_pending_words:contains(Scheduled for)",
        },
        { content: "Nothing counts down", trigger: "body:not(:has(.o_sd_undo))" },
        { content: "Change it", trigger: ".o_sd_pending_edit", run: "click" },
        { trigger: `${editor}:contains(Please restart the gateway.)` },
        { trigger: ".o_sd_timeline:not(:has(.o_sd_pending_item))" },
        { trigger: `${editor} p`, run: "editor And a second thought." },
        { content: "Any day and minute", trigger: ".o_sd_send_later", run: "click" },
        { trigger: ".o_sd_send_later_menu [data-preset=pick]", run: "click" },
        { trigger: ".modal .o_sd_send_later_picker .o_date_picker" },
        { trigger: ".modal .o_sd_confirm_later:contains(Send on)", run: "click" },
        { trigger: ".o_sd_pending_item .o_sd_pending_words:contains(Scheduled for)" },
        { content: "Do not send it at all", trigger: ".o_sd_pending_cancel", run: "click" },
        { trigger: ".o_notification:contains(is a draft again)" },
        { trigger: ".o_sd_timeline:not(:has(.o_sd_pending_item))" },
    ],
});

registry.category("web_tour.tours").add("servicedesk_share", {
    steps: () => [
        ...write("Half an answer"),
        { trigger: ".o_sd_share[aria-pressed=false]", run: "click" },
        { trigger: ".o_sd_share[aria-pressed=true]" },
    ],
});

registry.category("web_tour.tours").add("servicedesk_take_over", {
    steps: () => [
        {
            trigger:
                ".o_sd_pending_item:has(.o_sd_body:shadow .o_sd_text:contains(Half an answer)) .o_sd_pending_words:contains(Agent)",
        },
        { content: "Not in the composer yet", trigger: ".o_sd_timeline:not(:has(.o_sd_composer))" },
        { trigger: ".o_sd_take_over", run: "click" },
        { trigger: `${editor}:contains(Half an answer)` },
        { trigger: ".o_sd_timeline:not(:has(.o_sd_pending_item))" },
    ],
});

registry.category("web_tour.tours").add("servicedesk_template", {
    steps: () => [
        { trigger: ".o_sd_answers .o_sd_reply", run: "click" },
        { trigger: ".o_sd_send:contains(Jana Novotná)" },
        { trigger: `${editor} p`, run: "click" },
        { content: "Templates by click", trigger: ".o_sd_templates", run: "click" },
        { trigger: ".o_sd_template_list [role=option]:contains(Hello)" },
        {
            content: "As it reads on this ticket",
            trigger: ".o_sd_template_text:shadow .o_sd_text:contains(Good day Jana Novotná)",
        },
        { trigger: ".o_sd_template_search input", run: "edit visit" },
        { trigger: ".o_sd_template_list:not(:contains(Hello)) [role=option]:contains(Visit)" },
        { content: "What has no value is said", trigger: ".o_sd_template_missing:contains(your telephone number)" },
        { trigger: ".o_sd_template_list [role=option]:contains(Visit)", run: "click" },
        { content: "Red in the text", trigger: `${editor} .o_sd_missing:contains(your telephone number)` },
        { trigger: ".o_sd_missing_strip:contains(your telephone number)" },
        { content: "It does not leave so", trigger: ".o_sd_send", run: "click" },
        { trigger: `${editor} .o_sd_missing`, run: "editor 222 333 444" },
        { trigger: ".o_sd_composer:not(:has(.o_sd_missing_strip))" },
        {
            content: "A picture from the clipboard",
            trigger: `${editor} p`,
            async run() {
                const bytes = Uint8Array.from(
                    atob(
                        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
                    ),
                    (char) => char.charCodeAt(0),
                );
                const data = new DataTransfer();
                data.items.add(new File([bytes], "screen.png", { type: "image/png" }));
                const event = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
                this.anchor.dispatchEvent(event);
            },
        },
        { trigger: `${editor} img` },
        {
            content: "A file dropped from the desktop",
            trigger: ".o_sd_composer",
            run() {
                const data = new DataTransfer();
                data.items.add(new File(["log"], "vpn.log", { type: "text/plain" }));
                document.body.dispatchEvent(new DragEvent("dragenter", { dataTransfer: data, bubbles: true }));
            },
        },
        {
            trigger: ".o_sd_dropzone, .o-Dropzone",
            run() {
                const data = new DataTransfer();
                data.items.add(new File(["log"], "vpn.log", { type: "text/plain" }));
                this.anchor.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true }));
            },
        },
        { trigger: ".o_sd_composer_files:not(:has(.o_sd_upload)):contains(vpn.log)" },
        { trigger: ".o_sd_send:contains(Jana Novotná)", run: "click" },
        { trigger: ".o_sd_item.o_sd_out .o_sd_body:shadow .o_sd_text:contains(222 333 444) img" },
        { trigger: ".o_sd_item.o_sd_out:contains(vpn.log)" },
    ],
});

registry.category("web_tour.tours").add("servicedesk_shortcut", {
    steps: () => [
        { trigger: ".o_sd_answers .o_sd_reply", run: "click" },
        { trigger: ".o_sd_send:contains(Jana Novotná)" },
        {
            content: "Two colons, typed",
            trigger: `${editor} p`,
            run: "editor ::",
        },
        {
            trigger: `${editor} p:contains(::)`,
            run() {
                document.getSelection().collapse(this.anchor.firstChild, 2);
                const typed = { data: ":", inputType: "insertText", bubbles: true };
                this.anchor.dispatchEvent(new InputEvent("input", typed));
            },
        },
        { trigger: ".o_sd_template_search input", run: "edit hel" },
        { trigger: ".o_sd_template_search input", run: "press Enter" },
        { trigger: `${editor}:contains(Good day Jana Novotná):not(:contains(::))` },
        {
            content: "The signature stands there once",
            trigger: `${editor}:not(:has(.o_sd_signature ~ .o_sd_signature))`,
        },
        { trigger: ".o_sd_saved:not(:empty)" },
    ],
});

registry.category("web_tour.tours").add("servicedesk_save_as_template", {
    steps: () => [
        { trigger: ".o_sd_item.o_sd_in .o_sd_more", run: "click" },
        { trigger: ".o-dropdown--menu .o_sd_action_template", run: "click" },
        { trigger: ".modal [name=body]:contains(The VPN falls every ten minutes.)" },
        { trigger: ".modal [name=name] input", run: "edit Falling VPN" },
        { trigger: ".modal .o_form_button_save", run: "click" },
        { trigger: "body:not(:has(.modal))" },
    ],
});

registry.category("web_tour.tours").add("servicedesk_emoji", {
    steps: () => [
        { trigger: ".o_sd_answers .o_sd_reply", run: "click" },
        { trigger: ".o_sd_send:contains(Jana Novotná)" },
        {
            content: "What to write, above the signature too",
            trigger: `${editor} p.o-we-hint[o-we-hint-text*="reply"]`,
        },
        { trigger: `${editor} p`, run: "click" },
        { trigger: ".o_sd_composer .o_sd_emoji", run: "click" },
        { trigger: ".o-EmojiPicker-search input, .o-EmojiPicker input", run: "edit rocket" },
        { trigger: ".o-EmojiPicker .o-Emoji:contains(🚀)", run: "click" },
        { trigger: `${editor}:contains(🚀):not(:has(.o-we-hint))` },
        { trigger: ".o_sd_saved:not(:empty)" },
    ],
});

let release; // lets the held upload go on

/** Upload no faster than the tour looks. */
function holdUpload() {
    const { send } = XMLHttpRequest.prototype;
    XMLHttpRequest.prototype.send = function (body) {
        XMLHttpRequest.prototype.send = send;
        release = () => send.call(this, body);
        const progress = { lengthComputable: true, loaded: 40, total: 100 };
        this.upload.dispatchEvent(new ProgressEvent("progress", progress));
    };
}

registry.category("web_tour.tours").add("servicedesk_upload", {
    steps: () => [
        { trigger: ".o_sd_answers .o_sd_reply", run: "click" },
        { trigger: ".o_sd_send:contains(Jana Novotná)" },
        { trigger: `${editor} p`, run: "editor See the log." },
        { content: "The draft exists", trigger: ".o_sd_saved:not(:empty)" },
        {
            content: "A file from the disk",
            trigger: ".o_sd_composer .o_sd_file_input:not(:visible)",
            run() {
                holdUpload();
                const data = new DataTransfer();
                data.items.add(new File(["x".repeat(2000)], "vpn.log", { type: "text/plain" }));
                this.anchor.files = data.files;
                this.anchor.dispatchEvent(new Event("change", { bubbles: true }));
            },
        },
        { content: "How far it is", trigger: ".o_sd_upload:contains(vpn.log) .o_sd_num:contains(40 %)" },
        { trigger: ".o_sd_upload progress[value='40']" },
        { content: "It is waited for", trigger: ".o_sd_send", run: "click" },
        { trigger: ".o_sd_error:contains(still being uploaded)", run: () => release() },
        { trigger: ".o_sd_composer_files:contains(vpn.log):not(:has(.o_sd_upload))" },
        { trigger: ".o_sd_send", run: "click" },
        { trigger: ".o_sd_item.o_sd_out:contains(vpn.log) .o_sd_body:shadow .o_sd_text:contains(See the log.)" },
    ],
});
