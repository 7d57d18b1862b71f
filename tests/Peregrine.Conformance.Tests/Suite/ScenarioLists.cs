namespace Peregrine.Conformance.Tests.Suite;

/// <summary>The scenarios that the tests judge, by revision. The suite runs more: those of extensions that are not served here are left alone.</summary>
internal static class ScenarioLists
{
    private static readonly string[] OfTheSessionEra =
    [
        "server-initialize", "logging-set-level", "ping", "completion-complete", "tools-list", "tools-call-simple-text", "tools-call-image", "tools-call-audio",
        "tools-call-embedded-resource", "tools-call-mixed-content", "tools-call-with-logging", "tools-call-error", "tools-call-with-progress", "tools-call-sampling",
        "tools-call-elicitation", "resources-list", "resources-read-text", "resources-read-binary", "resources-templates-read", "resources-subscribe", "resources-unsubscribe",
        "prompts-list", "prompts-get-simple", "prompts-get-with-args", "prompts-get-embedded-resource", "prompts-get-with-image",
    ];

    private static readonly Dictionary<string, string[]> Required = new()
    {
        ["2025-11-25"] = [.. OfTheSessionEra, "elicitation-sep1034-defaults", "server-sse-multiple-streams", "elicitation-sep1330-enums", "dns-rebinding-protection"],
        ["2026-07-28"] =
        [
            "server-stateless", "completion-complete", "tools-list", "tools-call-simple-text", "tools-call-image", "tools-call-audio", "tools-call-embedded-resource",
            "tools-call-mixed-content", "tools-call-error", "tools-call-with-progress", "server-sse-multiple-streams", "resources-list", "resources-read-text",
            "resources-read-binary", "resources-templates-read", "sep-2164-resource-not-found", "prompts-list", "prompts-get-simple", "prompts-get-with-args",
            "prompts-get-embedded-resource", "prompts-get-with-image", "dns-rebinding-protection", "caching", "input-required-result-basic-elicitation",
            "input-required-result-basic-sampling", "input-required-result-basic-list-roots", "input-required-result-request-state",
            "input-required-result-multiple-input-requests", "input-required-result-multi-round", "input-required-result-missing-input-response",
            "input-required-result-non-tool-request", "input-required-result-result-type", "input-required-result-unsupported-methods", "input-required-result-tampered-state",
            "input-required-result-capability-check", "input-required-result-ignore-extra-params", "input-required-result-validate-input",
        ],
    };

    /// <summary>Not required by the suite, some only because its own server fails them; they test what the specification demands.</summary>
    private static readonly Dictionary<string, string[]> Further = new()
    {
        ["2025-03-26"] = ["server-session-lifecycle"],
        ["2025-06-18"] = [.. OfTheSessionEra, "server-session-lifecycle"],
        ["2025-11-25"] = ["server-session-lifecycle", "json-schema-2020-12", "server-sse-polling"],
        ["2026-07-28"] = ["json-schema-2020-12", "http-header-validation", "http-custom-header-server-validation"],
    };

    internal static IEnumerable<string> Revisions => Further.Keys;

    /// <summary>Those that a revision's conformance consists of; none where the suite defines none for it.</summary>
    internal static IReadOnlyList<string> RequiredBy(string revision) => Required.GetValueOrDefault(revision, []);

    internal static IEnumerable<string> Of(string revision) => [.. RequiredBy(revision), .. Further[revision]];

    internal static bool HasRequirements(string revision) => Required.ContainsKey(revision);
}
