using System.Collections.Concurrent;
using System.Text;
using Peregrine.Client;
using Peregrine.Client.Completion;
using Peregrine.Client.Logging;
using Peregrine.Client.Subscriptions;
using Peregrine.Interop.Tests.Counterparts;
using Peregrine.Interop.Tests.Processes;
using Peregrine.Protocol.Versions;
using Peregrine.Transport.Connections;

namespace Peregrine.Interop.Tests.Servers;

/// <summary>Our client against server-everything: all that it offers, over each of its transports.</summary>
public sealed class EverythingTests
{
    private const string Stdio = "stdio";
    private const string Http = "streamableHttp";
    private const string Sse = "sse";

    public static TheoryData<string> Transports => [Stdio, Http, Sse];

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task EveryToolAnswers(string transport)
    {
        await using var server = await StartAsync(transport);
        await using var clients = await server.ConnectAsync();
        var client = clients.Client;
        Assert.Equal("2025-11-25", client.ProtocolVersion.ToText());
        Assert.NotNull(client.ServerInfo);
        Assert.NotNull(client.Instructions);
        await client.PingAsync();

        // Those that depend on what a client can do are added once it has said so.
        var tools = await ListUntilAsync(client, "trigger-sampling-request");

        Assert.Equal("Echo: hällo", await clients.CallAsync("echo", """{"message":"hällo"}"""));
        Assert.Contains("3", await clients.CallAsync("get-sum", """{"a":1,"b":2}"""), StringComparison.Ordinal);
        Assert.Contains("PATH", await clients.CallAsync("get-env"), StringComparison.Ordinal);
        using (var annotated = await client.CallToolAsync("get-annotated-message", Json("""{"messageType":"success","includeImage":true}""")))
        {
            Assert.Equal(["text", "image"], annotated.Parts.Select(static part => part.Type));
            Assert.NotEmpty(annotated.Parts[1].GetData());
        }

        using (var image = await client.CallToolAsync("get-tiny-image"))
        {
            Assert.Contains(image.Parts, static part => part.Type == "image" && part.MimeType == "image/png" && part.GetData() is [0x89, (byte)'P', ..]);
        }

        using (var links = await client.CallToolAsync("get-resource-links", Json("""{"count":3}""")))
        {
            Assert.Equal(3, links.Parts.Count(static part => part.Type == "resource_link" && part.Uri is not null && part.Name is not null));
        }

        using (var reference = await client.CallToolAsync("get-resource-reference", Json("""{"resourceType":"Text","resourceId":1}""")))
        {
            Assert.Contains(reference.Parts, static part => part.Type == "resource" && part.Text is not null);
        }

        using (var structured = await client.CallToolAsync("get-structured-content", Json("""{"location":"New York"}""")))
        {
            Assert.StartsWith("{", Encoding.UTF8.GetString(structured.StructuredContent.Span), StringComparison.Ordinal);
        }

        Assert.Contains("gz", await CallForRawAsync(client, "gzip-file-as-resource", """{"name":"a.gz","data":"data:text/plain;base64,aGVsbG8=","outputType":"resourceLink"}"""), StringComparison.Ordinal);
        Assert.Contains("file:///tmp/one", await clients.CallAsync("get-roots-list"), StringComparison.Ordinal);
        Assert.Contains("a sampled text", await clients.CallAsync("trigger-sampling-request", """{"prompt":"What?","maxTokens":10}"""), StringComparison.Ordinal);
        var elicited = await CallForRawAsync(client, "trigger-elicitation-request", "{}");
        Assert.Contains("Ada", elicited, StringComparison.Ordinal);
        Assert.Contains("It was a dark and stormy night.", elicited, StringComparison.Ordinal);
        Assert.Contains("accept", await CallForRawAsync(client, "trigger-url-elicitation", """{"url":"https://example.com/x","message":"Open it","elicitationId":"e1","errorPath":false}"""), StringComparison.Ordinal);
        Assert.True(clients.Questions.Count >= 3);

        var progress = await clients.CallWithProgressAsync("trigger-long-running-operation", """{"duration":1,"steps":4}""");
        Assert.Equal([1, 2, 3, 4], progress.Select(static one => (int)one.Progress));
        Assert.All(progress, static one => Assert.Equal(4, one.Total));

        // One that runs as a task only, an extension that this client does not declare.
        using (var task = await CallOrNullAsync(client, "simulate-research-query", """{"topic":"falcons","ambiguous":false}"""))
        {
            Assert.True(task is null || task.IsError || task.GetText().Length > 0);
        }

        string[] called =
        [
            "echo", "get-sum", "get-env", "get-annotated-message", "get-tiny-image", "get-resource-links", "get-resource-reference", "get-structured-content", "gzip-file-as-resource",
            "get-roots-list", "trigger-sampling-request", "trigger-elicitation-request", "trigger-url-elicitation", "trigger-long-running-operation", "simulate-research-query",
            "toggle-simulated-logging", "toggle-subscriber-updates",
        ];
        Assert.Empty(tools.Select(static tool => tool.Name).Except(called));
        var refusal = await Assert.ThrowsAnyAsync<Exception>(async () => Assert.Equal("", await clients.CallAsync("no-such-tool")));
        Assert.Contains("no-such-tool", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task ResourcesPromptsCompletionAndLogs(string transport)
    {
        await using var server = await StartAsync(transport);
        await using var clients = await server.ConnectAsync();
        var client = clients.Client;

        var resources = await client.ListResourcesAsync();
        Assert.NotEmpty(resources);
        using (var text = await client.ReadResourceAsync(resources[0].Uri))
        {
            Assert.NotEmpty(text.Parts);
        }

        Assert.Equal(2, (await client.ListResourceTemplatesAsync()).Count(static template => template.UriTemplate.StartsWith("demo://resource/dynamic/", StringComparison.Ordinal)));
        using (var text = await client.ReadResourceAsync("demo://resource/dynamic/text/7"))
        {
            Assert.Contains("7", text.GetText(), StringComparison.Ordinal);
        }

        using (var blob = await client.ReadResourceAsync("demo://resource/dynamic/blob/7"))
        {
            Assert.NotEmpty(blob.Parts[0].GetBlob());
        }

        await Assert.ThrowsAsync<McpPeerException>(async () => (await client.ReadResourceAsync("demo://nowhere")).Dispose());
        var prompts = await client.ListPromptsAsync();
        Assert.Equal(["simple-prompt", "args-prompt", "completable-prompt", "resource-prompt"], prompts.Select(static prompt => prompt.Name));
        Assert.Contains(prompts.Single(static prompt => prompt.Name == "args-prompt").Arguments, static argument => argument is { Name: "city", IsRequired: true });
        await AskAsync(client, "simple-prompt");
        Assert.Contains("Oslo", await AskAsync(client, "args-prompt", ("city", "Oslo")), StringComparison.Ordinal);
        await AskAsync(client, "completable-prompt", ("department", "Engineering"), ("name", "Alice"));
        await AskAsync(client, "resource-prompt", ("resourceType", "Text"), ("resourceId", "1"));

        var departments = await client.CompleteAsync(CompletionTarget.Prompt("completable-prompt"), "department", "S");
        Assert.Equal(["Sales", "Support"], departments.Values);
        var names = await client.CompleteAsync(CompletionTarget.Prompt("completable-prompt"), "name", "A", new Dictionary<string, string> { ["department"] = "Engineering" });
        Assert.Equal(["Alice"], names.Values);
        await client.CompleteAsync(CompletionTarget.Resource("demo://resource/dynamic/text/{resourceId}"), "resourceId", "1");

        await client.SetLogLevelAsync(ServerLogLevel.Debug);
        await clients.CallAsync("toggle-simulated-logging");
        await Patience.UntilAsync(() => Task.FromResult(!clients.Log.IsEmpty), describe: () => "no log message");
        await clients.CallAsync("toggle-simulated-logging");
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task SubscriptionsAndCancellation(string transport)
    {
        await using var server = await StartAsync(transport);
        await using var clients = await server.ConnectAsync();
        var client = clients.Client;
        ConcurrentQueue<ServerChange> changes = new();
        const string Watched = "demo://resource/dynamic/text/1";
        await using (await client.SubscribeAsync(new SubscriptionRequest { ResourceUris = [Watched], OnChange = changes.Enqueue }))
        {
            await clients.CallAsync("toggle-subscriber-updates");
            await Patience.UntilAsync(() => Task.FromResult(changes.Contains(new ServerChange(ServerChangeKind.Resource, Watched))), describe: () => "no update");
            await clients.CallAsync("toggle-subscriber-updates");
        }

        using var giveUp = new CancellationTokenSource();
        var call = client.CallToolAsync("trigger-long-running-operation", Json("""{"duration":60,"steps":1}"""), progress: null, giveUp.Token).AsTask();
        await client.PingAsync();
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.Equal("Echo: still here", await clients.CallAsync("echo", """{"message":"still here"}"""));
    }

    private static ReadOnlyMemory<byte> Json(string text) => Encoding.UTF8.GetBytes(text);

    private static async Task<string> CallForRawAsync(PeregrineClient client, string tool, string arguments)
    {
        using var result = await client.CallToolAsync(tool, Json(arguments));
        Assert.False(result.IsError, result.GetText());
        return Encoding.UTF8.GetString(result.Raw.Span);
    }

    private static async Task<Peregrine.Client.Tools.ToolResult?> CallOrNullAsync(PeregrineClient client, string tool, string arguments)
    {
        try
        {
            return await client.CallToolAsync(tool, Json(arguments));
        }
        catch (McpPeerException)
        {
            return null;
        }
    }

    private static async Task<string> AskAsync(PeregrineClient client, string prompt, params (string Name, string Value)[] arguments)
    {
        using var content = await client.GetPromptAsync(prompt, arguments.ToDictionary(static pair => pair.Name, static pair => pair.Value));
        Assert.NotEmpty(content.Messages);
        return string.Join('\n', content.Messages.Select(static message => message.Content.Text));
    }

    private static async Task<IReadOnlyList<Peregrine.Client.Tools.RemoteTool>> ListUntilAsync(PeregrineClient client, string tool)
    {
        IReadOnlyList<Peregrine.Client.Tools.RemoteTool> tools = [];
        await Patience.UntilAsync(async () => (tools = await client.ListToolsAsync()).Any(one => one.Name == tool), describe: () => string.Join(' ', tools));
        return tools;
    }

    private static async Task<Server> StartAsync(string transport)
    {
        NpmPackages.Require();
        if (transport == Stdio)
        {
            return new Server(null, null);
        }

        var port = FreePort.Find();
        var program = StartedProgram.Start("node", [NpmPackages.ServerEverything, transport], new Dictionary<string, string> { ["PORT"] = $"{port}" });
        await program.WaitForErrorLineAsync($"port {port}");
        return new Server(program, new Uri($"http://127.0.0.1:{port}/{(transport == Sse ? "sse" : "mcp")}"));
    }

    private sealed record Server(StartedProgram? Program, Uri? Endpoint) : IAsyncDisposable
    {
        internal Task<PeregrineClients> ConnectAsync() => PeregrineClients.ConnectAsync(options => Endpoint is null
            ? PeregrineClient.ConnectStdioAsync("node", [NpmPackages.ServerEverything, "stdio"], options)
            : PeregrineClient.ConnectAsync(Endpoint, options));

        public ValueTask DisposeAsync() => Program?.DisposeAsync() ?? ValueTask.CompletedTask;
    }
}
