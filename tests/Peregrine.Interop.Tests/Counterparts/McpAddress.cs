namespace Peregrine.Interop.Tests.Counterparts;

/// <summary>Where a client finds its server: a URL, or a command that it starts.</summary>
internal sealed record McpAddress(Uri? Url, string? Command, IReadOnlyList<string> Arguments)
{
    internal static McpAddress Of(Uri url) => new(url, null, []);

    internal static McpAddress Of(string command, params string[] arguments) => new(null, command, arguments);
}
