using System.Globalization;
using System.Text.Json;
using Peregrine.Interop.Tests.Processes;
using Peregrine.Server.Tests.Serving;

namespace Peregrine.Conformance.Tests.Wire;

/// <summary>The conformance server on its standard streams, spoken to in one revision.</summary>
internal sealed class StdioConversation : IAsyncDisposable
{
    private const string Capabilities = """{"elicitation":{},"sampling":{},"roots":{}}""";

    // What every request of the stateless era says of its client.
    private static readonly string Meta = Messages.Meta.Replace("clientCapabilities\":{}", "clientCapabilities\":" + Capabilities, StringComparison.Ordinal);

    private readonly StartedProgram _program = StartedProgram.Start(Programs.ConformanceServer, "--stdio");
    private readonly string _revision;
    private int _requests;

    private StdioConversation(string revision) => _revision = revision;

    internal bool IsStateless => _revision == "2026-07-28";

    /// <summary>All lines that the server has written.</summary>
    internal IEnumerable<string> Lines => _program.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Starts the server and greets it as the revision wants.</summary>
    /// <returns>The conversation, and the server's reply to the greeting.</returns>
    internal static async Task<(StdioConversation Conversation, JsonElement Greeting)> OpenAsync(string revision)
    {
        var conversation = new StdioConversation(revision);
        if (conversation.IsStateless)
        {
            return (conversation, await conversation.AskAsync("server/discover"));
        }

        await conversation._program.WriteLineAsync(Messages.Initialize(revision).Replace("\"capabilities\":{}", "\"capabilities\":" + Capabilities, StringComparison.Ordinal));
        var greeting = await conversation.ReplyAsync("0");
        await conversation._program.WriteLineAsync(Messages.Initialized);
        return (conversation, greeting);
    }

    /// <summary>Sends a request and waits for the reply to it.</summary>
    /// <param name="method">The method.</param>
    /// <param name="members">Members of <c>params</c>, such as <c>"name":"x"</c>; the revision's own are added.</param>
    internal async Task<JsonElement> AskAsync(string method, string members = "") => await ReplyAsync(await BeginAsync(method, members));

    /// <summary>Sends a request.</summary>
    /// <returns>Its id, raw.</returns>
    internal async Task<string> BeginAsync(string method, string members = "")
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"\"request {++_requests}\"");
        var meta = IsStateless ? "\"_meta\":" + Meta : "";
        await _program.WriteLineAsync(Messages.Request(method, id, $"{{{string.Join(',', new[] { members, meta }.Where(static part => part.Length > 0))}}}"));
        return id;
    }

    /// <summary>Waits for the first request of the server by this method, and answers it.</summary>
    /// <returns>The request.</returns>
    internal async Task<JsonElement> AnswerAsync(string method, string result)
    {
        var request = Json.Parse(await _program.WaitForOutputLineAsync($"\"method\":\"{method}\""));
        await SendAsync($$"""{"jsonrpc":"2.0","id":{{request.GetProperty("id").GetRawText()}},"result":{{result}}}""");
        return request;
    }

    internal Task SendAsync(string line) => _program.WriteLineAsync(line);

    internal async Task<JsonElement> ReplyAsync(string id) => Json.Parse(await _program.WaitForOutputLineAsync($"\"id\":{id}"));

    /// <summary>Closes the server's input and waits until it has ended.</summary>
    internal Task<CommandResult> EndAsync()
    {
        _program.CloseInput();
        return _program.WaitForEndAsync();
    }

    public ValueTask DisposeAsync() => _program.DisposeAsync();
}
