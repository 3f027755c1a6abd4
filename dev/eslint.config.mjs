// Copied beside the Node tools in the cache before it runs, so that its imports are found; see dev/node_tools.py.
import js from "@eslint/js";
import globals from "globals";

export default [
    js.configs.recommended,
    {
        files: ["**/*.js"],
        languageOptions: {
            ecmaVersion: 2024,
            sourceType: "module",
            globals: { ...globals.browser, luxon: "readonly", odoo: "readonly", owl: "readonly" },
        },
        linterOptions: { reportUnusedDisableDirectives: "error" },
        rules: {
            curly: ["error", "multi-line"],
            eqeqeq: ["error", "smart"],
            "no-console": "error",
            "no-shadow": "error",
            "no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
            "no-var": "error",
            "object-shorthand": "error",
            "prefer-const": "error",
            "prefer-template": "off",
        },
    },
];
