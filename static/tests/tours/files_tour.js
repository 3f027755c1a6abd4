import { registry } from "@web/core/registry";

const shown = (name) => ({ trigger: `.o-FileViewer-header:contains(${name})` });

registry.category("web_tour.tours").add("servicedesk_gallery", {
    steps: () => [
        { content: "A picture in the text opens the lightbox", trigger: ".o_sd_body:shadow img", run: "click" },
        shown("in the text.png"),
        { content: "On to the next by key", trigger: ".o-FileViewer", run: "press ArrowRight" },
        shown("rack.png"),
        { trigger: ".o-FileViewer", run: "press ArrowRight" },
        shown("server room.png"),
        { content: "After the last comes the first", trigger: ".o-FileViewer", run: "press ArrowRight" },
        shown("in the text.png"),
        { trigger: ".o-FileViewer", run: "press ArrowLeft" },
        shown("server room.png"),
        { content: "Zoom", trigger: ".o-FileViewer-toolbarButton:has(.fa-plus)", run: "click" },
        { trigger: ".o-FileViewer-viewImage[style*='scale3d(1.5']" },
        { content: "Rotate", trigger: ".o-FileViewer-toolbarButton:has(.fa-repeat)", run: "click" },
        { trigger: ".o-FileViewer-viewImage[style*='rotate(90deg)']" },
        { content: "Download", trigger: ".o-FileViewer-header a[href*='download=true']" },
        { trigger: ".o-FileViewer-headerButton[aria-label=Close]", run: "click" },
        {
            content: "From a thumbnail too",
            trigger: "body:not(:has(.o-FileViewer)) .o_sd_item .o_sd_thumb",
            run: "click",
        },
        shown("rack.png"),
        { trigger: ".o-FileViewer", run: "press Escape" },
        { trigger: "body:not(:has(.o-FileViewer)) .o_sd_item" },
    ],
});

registry.category("web_tour.tours").add("servicedesk_files", {
    steps: () => [
        { trigger: ".o_sd_all_files", run: "click" },
        { trigger: ".o_sd_files_dialog .modal-title:contains(Files (3))" },
        {
            content: "Find by name, without accents",
            trigger: ".o_sd_files_dialog input[type=search]",
            run: "edit zluty",
        },
        { trigger: ".o_sd_files_list li:only-child:contains(Žlutý kůň.pdf)" },
        { trigger: ".o_sd_files_dialog input[type=search]", run: "clear" },
        { trigger: ".o_sd_files_dialog [data-filter=pictures]", run: "click" },
        { trigger: ".o_sd_files_list:not(:contains(Žlutý)) li:contains(server room.png)" },
        { trigger: ".o_sd_files_dialog [data-filter=all]", run: "click" },
        { content: "Copy one, with a new name", trigger: ".o_sd_files_list li:contains(rack.png) input", run: "click" },
        { trigger: ".o_sd_zip[href*='ids=']:contains(Download as ZIP (1))" },
        { trigger: ".o_sd_to_card", run: "click" },
        { trigger: ".modal td[name=name]:contains(rack.png)", run: "click" },
        { trigger: ".modal td[name=name] input", run: "edit Rack in the hall" },
        { trigger: ".modal button[name=action_put]:contains(Copy)", run: "click" },
        { trigger: ".o_notification:contains(Files copied to customer documents: 1)" },
        { content: "Move two", trigger: ".o_sd_files_list li:contains(Žlutý) input", run: "click" },
        { trigger: ".o_sd_files_list li:contains(server room) input", run: "click" },
        { trigger: ".o_sd_to_card:contains((2))", run: "click" },
        { trigger: ".modal .o_radio_input[data-value=move]", run: "click" },
        { trigger: ".modal button[name=action_put]:contains(Move)", run: "click" },
        { trigger: ".o_sd_files_list li:contains(Žlutý) .o_sd_files_moved" },
        {
            content: "Back to where it came from",
            trigger: ".o_sd_files_list li:contains(Žlutý) .o_sd_files_source",
            run: "click",
        },
        { trigger: ".o_sd_item.o_sd_in:focus" },
        {
            content: "The message goes on to list it",
            trigger: ".o_sd_in .o_sd_file:contains(Žlutý) .o_sd_file_card",
            run: "click",
        },
        { content: "and leads to the card", trigger: ".o_field_widget[name=partner_id]:contains(Stavby Vltava)" },
    ],
});

registry.category("web_tour.tours").add("servicedesk_client_card", {
    steps: () => [
        { trigger: "button[name=action_servicedesk_documents] .o_stat_value:contains(1)" },
        { trigger: "button[name=action_servicedesk_gallery]:contains(1)", run: "click" },
        { trigger: ".o_sd_upload" },
        { trigger: ".o_kanban_record:contains(rack.png)", run: "click" },
        shown("rack.png"),
        { trigger: ".o-FileViewer", run: "press Escape" },
        { trigger: "body:not(:has(.o-FileViewer)) .o_back_button a, .o_breadcrumb a", run: "click" },
        { trigger: "button[name=action_servicedesk_documents]", run: "click" },
        { trigger: ".o_data_row td[name=name]:contains(log.txt)", run: "click" },
        shown("log.txt"),
        { trigger: ".o-FileViewer", run: "press Escape" },
        { content: "Rename", trigger: ".o_data_row button[name=get_formview_action]", run: "click" },
        { trigger: ".o_field_widget[name=name] input", run: "edit Server log.txt" },
        { trigger: ".o_form_button_save", run: "click" },
        { trigger: ".o_form_saved, .o_breadcrumb:contains(Server log.txt)" },
    ],
});
