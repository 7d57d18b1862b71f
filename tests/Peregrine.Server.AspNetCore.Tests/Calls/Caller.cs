using System.Text.Json;
using Peregrine.Server.AspNetCore.Hosting;
using Peregrine.Server.AspNetCore.Tests.Serving;

namespace Peregrine.Server.AspNetCore.Tests.Calls;

/// <summary>A client that calls a server's tools over one of its fronts, many at once.</summary>
internal abstract class Caller : IAsyncDisposable
{
    /// <summary>Calls a tool.</summary>
    /// <param name="tool">Its name.</param>
    /// <param name="arguments">A JSON object.</param>
    /// <param name="meta">Further members of <c>_meta</c>, without braces.</param>
    /// <param name="cancellationToken">Cancels the call, as this front's clients do.</param>
    internal Task<Reply> CallAsync(string tool, string arguments = "{}", string meta = "", CancellationToken cancellationToken = default) =>
        SendAsync("tools/call", tool, $"\"name\":\"{tool}\",\"arguments\":{arguments}", meta, cancellationToken);

    /// <summary>Reads a resource.</summary>
    internal Task<Reply> ReadAsync(string uri) => SendAsync("resources/read", uri, $"\"uri\":\"{uri}\"", "", CancellationToken.None);

    internal abstract Task<Reply> SendAsync(string method, string name, string parameters, string meta, CancellationToken cancellationToken);

    public abstract ValueTask DisposeAsync();

    internal static async Task<Caller> StartAsync(PeregrineServer server, Front front) => front == Front.Duplex
        ? new DuplexCaller(server)
        : new HttpCaller(await TestSite.StartAsync(app => app.MapPeregrine("/mcp", server)), front);

    /// <summary>What came back.</summary>
    /// <param name="Message">The reply.</param>
    /// <param name="Status">The HTTP status; 0 elsewhere.</param>
    /// <param name="RetryAfter">The HTTP header, in seconds; 0 where there is none.</param>
    internal sealed record Reply(JsonElement Message, int Status = 0, int RetryAfter = 0)
    {
        internal int Code => Message.TryGetProperty("error", out var error) ? error.GetProperty("code").GetInt32() : 0;

        internal JsonElement Result => Message.TryGetProperty("result", out var result) ? result : throw new InvalidOperationException(Message.GetRawText());

        internal string Text => Result.GetProperty("content")[0].GetProperty("text").GetString()!;

        internal bool IsToolError => Result.TryGetProperty("isError", out var flag) && flag.GetBoolean();

        internal JsonElement Data => Message.GetProperty("error").GetProperty("data");
    }
}
