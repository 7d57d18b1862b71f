namespace Peregrine.Architecture.Tests.Dependencies;

/// <summary>
/// The edges between projects. This table is the one place that allows a new edge: a project or a package that is not
/// named here fails the test, in project files and in built assemblies.
/// </summary>
internal static class DependencyTable
{
    /// <summary>What a library without ASP.NET Core may take from outside, as far as it needs it.</summary>
    private static readonly string[] Extensions =
    [
        "Microsoft.Extensions.DependencyInjection.Abstractions",
        "Microsoft.Extensions.Logging.Abstractions",
        "Microsoft.Extensions.Options",
        "System.Threading.RateLimiting",
    ];

    private static readonly string[] Everything =
    [
        "Protocol", "JsonSchema", "Observability", "Transport", "Execution", "Server", "Server.AspNetCore", "Client",
        "Gateway", "Load", "Postgres", "Extensions.AI", "Testing",
    ];

    public static IReadOnlyList<DependencyRow> Rows { get; } =
    [
        Row("Protocol", [], []),
        Row("JsonSchema", [], []),
        Row("Observability", [], []),
        Row("Transport", ["Protocol", "Observability"], Extensions),
        Row("Execution", ["Observability"], [.. Extensions, "Polly.Core"]),
        Row("Server", ["Execution", "Transport", "JsonSchema"], Extensions),
        Row("Client", ["Execution", "Transport", "JsonSchema"], Extensions),
        Row("Server.AspNetCore", ["Server"], [], aspNetCore: true),
        Row("Gateway", ["Server.AspNetCore", "Client"], [], aspNetCore: true),
        Row("Load", ["Transport", "Observability"], Extensions),
        Row("Postgres", ["Execution"], [.. Extensions, "Npgsql"]),
        Row("Testing", ["Server", "Client"], Extensions),
        Row("Extensions.AI", ["Server", "Client"], [.. Extensions, "Microsoft.Extensions.AI.Abstractions"]),
        Row("Cli", Everything, ["System.CommandLine", "Spectre.Console", "OpenTelemetry", "OpenTelemetry.Exporter.OpenTelemetryProtocol", "Microsoft.Diagnostics.NETCore.Client", "Microsoft.Diagnostics.Tracing.TraceEvent"], aspNetCore: true),
        Row("Generators", [], ["Microsoft.CodeAnalysis.CSharp"]),
        Row("Generators.CodeFixes", [], ["Microsoft.CodeAnalysis.CSharp.Workspaces", "Microsoft.CodeAnalysis.CSharp"]),
        // Packages without code: what a user names to get the parts that belong together.
        new("Peregrine", ["Peregrine.Server", "Peregrine.Client"], []),
        new("Peregrine.AspNetCore", ["Peregrine", "Peregrine.Server.AspNetCore"], [], AspNetCore: true),
        new("Peregrine.Templates", [], []),
    ];

    /// <summary>Packages that add analyzers to a build and nothing to what is built.</summary>
    public static IReadOnlyList<string> BuildOnlyPackages { get; } =
        ["Microsoft.CodeAnalysis.Analyzers", "Microsoft.CodeAnalysis.BannedApiAnalyzers"];

    private static DependencyRow Row(string project, string[] projects, string[] packages, bool aspNetCore = false) =>
        new("Peregrine." + project, [.. projects.Select(p => "Peregrine." + p)], packages, aspNetCore);
}
