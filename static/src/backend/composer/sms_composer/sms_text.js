import { plainText } from "../template_picker/plain_text";
import { readShortcut } from "../template_picker/shortcut_plugin";
import { useTemplatePicker } from "../template_picker/template_picker";

const MARK = /\[\[([^[\]<>]{1,80})\]\]/g;
const SLASH = /(?:^|\n)\/$/; // as the editor's menu; elsewhere a slash is a slash

/** Templates in a plain text field: by the button, by "::" and a shortcut, by "/" at the beginning of a line. */
class SmsText {
    constructor(draft) {
        this.draft = draft;
        this.templates = useTemplatePicker();
    }

    get field() {
        return this.draft.first.el;
    }

    get before() {
        return this.field.value.slice(0, this.field.selectionStart);
    }

    /** After a letter was typed: open the templates where it asks for them. */
    onTyped({ data }) {
        if (data === ":" && readShortcut(this.before) !== null) {
            this.pickTemplate({ typed: readShortcut(this.before).length + 2, term: readShortcut(this.before) });
        } else if (data === "/" && SLASH.test(this.before)) {
            this.pickTemplate({ typed: 1 });
        }
    }

    /** Open the templates; the last `typed` letters before the cursor give way to the chosen one. */
    pickTemplate({ target, typed = 0, term = "" } = {}) {
        const { selectionStart, selectionEnd } = this.field;
        const focus = () => {
            this.field.focus();
            this.field.setSelectionRange(selectionStart, selectionEnd);
        };
        this.templates.open(target || this.field, {
            ticketId: this.draft.props.ticketId,
            term,
            insert: ({ html }) => this.insert(plainText(html), selectionStart - typed, selectionEnd),
            cancel: focus,
        });
    }

    insert(text, from, until) {
        const { field } = this;
        field.focus();
        field.setSelectionRange(from, until);
        // So that Ctrl+Z takes it out again; where the browser does not offer it, the text is put in all the same.
        if (!document.execCommand("insertText", false, text)) {
            field.setRangeText(text, from, until, "end");
            field.dispatchEvent(new InputEvent("input", { bubbles: true }));
        }
    }

    /** Names of the variables that still stand without a value, each once; other brackets are the writer's own. */
    findMissing(known) {
        const { sms_text: text } = this.draft.form;
        return [...new Set([...(text || "").matchAll(MARK)].map(([, name]) => name))].filter((name) =>
            known.includes(name),
        );
    }

    showMissing([name]) {
        const mark = `[[${name}]]`;
        const start = this.field.value.indexOf(mark);
        if (start >= 0) {
            this.field.focus();
            this.field.setSelectionRange(start, start + mark.length);
        }
    }
}

export function useSmsText(draft) {
    return new SmsText(draft);
}
