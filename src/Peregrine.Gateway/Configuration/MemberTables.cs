namespace Peregrine.Gateway.Configuration;

/// <summary>Every member a configuration file may have. The reader, the JSON schema and the reference page come from these tables.</summary>
internal static class MemberTables
{
    internal const string NamePattern = "^[A-Za-z0-9_.-]{0,64}$";

    private const double LongestSeconds = 86_400;

    internal static MemberRule[] File { get; } =
    [
        new("$schema", MemberKind.Foreign, "The JSON schema of this file, for editors."),
        new("mcpServers", MemberKind.Object, "The MCP servers behind the gateway, by name, in the form of Claude, Cursor and Copilot.") { ItemDefinition = "server" },
        new("servers", MemberKind.Object, "The MCP servers behind the gateway, by name, in the form of VS Code.") { ItemDefinition = "server" },
        new("inputs", MemberKind.Foreign, "Questions VS Code asks; ignored here."),
        new("peregrine", MemberKind.Object, "What the gateway itself needs beyond the list of servers.") { Definition = "peregrine" },
    ];

    internal static MemberRule[] Server { get; } =
    [
        new("type", MemberKind.Text, "How to reach the server; follows from \"command\" or \"url\" where it is left out.")
        {
            Allowed = ["stdio", "local", "http", "streamable-http", "streamableHttp"],
        },
        new("command", MemberKind.Text, "The program to run for a server on standard input and output."),
        new("args", MemberKind.TextList, "The program's arguments. No shell sees them.") { IsSecret = true },
        new("env", MemberKind.TextMap, "Environment variables for the program, beside those of the gateway.") { IsSecret = true },
        new("cwd", MemberKind.Text, "The program's working directory. Default: that of the gateway."),
        new("url", MemberKind.Text, "The endpoint of a server on Streamable HTTP; http or https.") { Pattern = "^([Hh][Tt][Tt][Pp][Ss]?://|.*\\$\\{)" },
        new("headers", MemberKind.TextMap, "Headers sent with every request, such as Authorization.") { IsSecret = true },
        new("tools", MemberKind.TextList, "The tools to offer, by the server's own names; \"*\" for all. Default: all."),
        new("disabled", MemberKind.Boolean, "True leaves the server out. Default: false."),
        new("alwaysAllow", MemberKind.Foreign, "Belongs to a client; ignored here."),
        new("autoApprove", MemberKind.Foreign, "Belongs to a client; ignored here."),
        new("description", MemberKind.Foreign, "For people; ignored here."),
        new("dev", MemberKind.Foreign, "Belongs to VS Code; ignored here."),
        new("gallery", MemberKind.Foreign, "Belongs to VS Code; ignored here."),
        new("timeout", MemberKind.Foreign, "Belongs to a client, with a unit that differs between them; ignored here. Use peregrine.servers.NAME.callTimeoutSeconds."),
        new("version", MemberKind.Foreign, "Belongs to VS Code; ignored here."),
    ];

    internal static MemberRule[] Peregrine { get; } =
    [
        new("name", MemberKind.Text, "The name under which the gateway introduces itself. Default: \"peregrine\"."),
        new("urls", MemberKind.TextList, $"Where to listen. Default: [\"{GatewayConfiguration.DefaultUrl}\"]."),
        new("virtualServers", MemberKind.Object, "Parts of what the gateway offers, by name; each is served at /mcp/NAME beside the whole at /mcp.") { ItemDefinition = "virtualServer" },
        CallTimeout,
        StartTimeout,
        new("listTimeToLiveSeconds", MemberKind.Number, "How long clients may keep lists (ttlMs). Default: 60.") { Maximum = LongestSeconds },
        new("maxConcurrentCalls", MemberKind.Integer, "Calls in flight through the gateway; more are refused with error 4001. Default: 10000.")
        {
            Minimum = 1,
            Maximum = 1_000_000,
        },
        new("adminToken", MemberKind.Text, "The token that the admin API asks for, as a reference to an environment variable: \"${PEREGRINE_ADMIN_TOKEN}\". At least 16 characters. Without one the API answers only on loopback.") { IsSecret = true },
        new("recordCalls", MemberKind.Boolean, "True records single calls from the start, for the admin API and the page, and logs slow ones; the switch call-records changes it later. Default: false."),
        new("slowCallSeconds", MemberKind.Number, "From how long on a call is logged as slow, where calls are recorded. Default: 1.") { AboveMinimum = true, Maximum = LongestSeconds },
        new("otlpEndpoint", MemberKind.Text, "Where traces and metrics go by OTLP over HTTP, such as \"http://localhost:4318\". Default: OTEL_EXPORTER_OTLP_ENDPOINT, else nowhere.") { Pattern = "^([Hh][Tt][Tt][Pp][Ss]?://|.*\\$\\{)" },
        new("servers", MemberKind.Object, "Settings of single servers, by the name that each has in the list of servers.") { ItemDefinition = "peregrineServer" },
        new("policies", MemberKind.Object, "What holds for calls on their way to the servers: time, limits, retries, cache, keys.") { Definition = "policies" },
    ];

    internal static MemberRule[] PeregrineServer { get; } =
    [
        new("prefix", MemberKind.Text, "What the server's tool names begin with, before an underscore; \"\" for none. "
            + "Default: none where there is one server, else its name with \"-\" for every character that tool names cannot have.") { Pattern = NamePattern },
        new("era", MemberKind.Text, "The era to speak with the server: \"session\" (2024-11-05 to 2025-11-25) or \"stateless\" (2026-07-28). Default: found out when connecting; the stateless one where it speaks both.")
        {
            Allowed = ["session", "stateless"],
        },
        new("rename", MemberKind.TextMap, "What clients call single tools and prompts by, by the names that the server has for them. A name given here gets no prefix."),
        new("hide", MemberKind.TextList, "Tools, prompts and resources that are not offered, by the server's own names or URIs; a \"*\" at the end stands for anything."),
        new("pinning", MemberKind.Text, "What becomes of a tool whose definition has changed since it was first seen, other than so that nobody loses anything: \"warn\" (logged, and shown until the change is accepted), "
            + "\"refuse\" (not offered until it is accepted) or \"off\". Default: \"warn\".")
        {
            Allowed = ["warn", "refuse", "off"],
        },
        new("minProcesses", MemberKind.Integer, "How many processes of a server with \"command\" run always. Default: 1.") { Minimum = 1, Maximum = 64 },
        new("maxProcesses", MemberKind.Integer, "How many of them run at most; more are started as calls queue up. Default: minProcesses.") { Minimum = 1, Maximum = 64 },
        new("growAtCalls", MemberKind.Integer, "Another process is started when each that runs has so many calls in flight. Default: 1.") { Minimum = 1, Maximum = 10_000 },
        new("processIdleSeconds", MemberKind.Number, "A process beyond minProcesses with nothing to do for so long is ended. Default: 60.") { AboveMinimum = true, Maximum = LongestSeconds },
        new("replyPollingMicroseconds", MemberKind.Number, "For how long a call to a server with an http \"url\" polls for its reply before its thread waits, where one caller has the gateway to itself; 0 for never. Default: 25.") { Maximum = 1000 },
        new("members", MemberKind.Object, "Further places where this server is, by names: calls are shared among them and the server's own entry. They have its headers, variables and settings.") { ItemDefinition = "member" },
        new("balance", MemberKind.Object, "How calls are shared among the members, and when one is taken out of use.") { Definition = "balance" },
        CallTimeout,
        StartTimeout,
        new("maxConcurrentCalls", MemberKind.Integer, "Calls to this server in flight; more are refused with error 4001. Default: 1000.")
        {
            Minimum = 1,
            Maximum = 1_000_000,
        },
    ];

    internal static MemberRule[] VirtualServer { get; } =
    [
        new("servers", MemberKind.TextList, "The servers whose tools, prompts and resources it has, by their names in the list of servers. Default: all."),
        new("tools", MemberKind.TextList, "The tools it has, by the names that clients use; a \"*\" at the end stands for anything. Default: all."),
    ];

    /// <summary>Members with which other programs change what a server does, and the gateway cannot: silence would be wrong.</summary>
    internal static (string Name, string Remedy)[] Unsupported { get; } =
    [
        ("envFile", "Put the variables into \"env\", or set them before starting the gateway."),
        ("oauth", "Put a token into \"headers\", for example \"Authorization\": \"Bearer ${TOKEN}\"."),
        ("auth", "Put a token into \"headers\", for example \"Authorization\": \"Bearer ${TOKEN}\"."),
    ];

    private static MemberRule CallTimeout => new("callTimeoutSeconds", MemberKind.Number,
        "A call not answered in this time ends with error 4002 and is cancelled. Default: 60.") { AboveMinimum = true, Maximum = LongestSeconds };

    private static MemberRule StartTimeout => new("startTimeoutSeconds", MemberKind.Number,
        "How long connecting and listing tools may take before it is tried again. Default: 30.") { AboveMinimum = true, Maximum = LongestSeconds };
}
