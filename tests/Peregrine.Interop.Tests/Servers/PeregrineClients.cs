using System.Collections.Concurrent;
using System.Text;
using Peregrine.Client;
using Peregrine.Client.Interaction;
using Peregrine.Client.Logging;
using Peregrine.Client.Tools;
using Peregrine.Protocol.Versions;

namespace Peregrine.Interop.Tests.Servers;

/// <summary>Our client with everything that a server may ask for, and what it was asked and told.</summary>
internal sealed class PeregrineClients : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private PeregrineClients()
    {
    }

    internal PeregrineClient Client { get; private set; } = null!;

    internal ConcurrentQueue<string> Questions { get; } = new();

    internal ConcurrentQueue<ServerLogMessage> Log { get; } = new();

    /// <summary>Connects with the era to speak, or null to find out.</summary>
    internal static async Task<PeregrineClients> ConnectAsync(Func<PeregrineClientOptions, ValueTask<PeregrineClient>> connect, ProtocolEra? era = null)
    {
        var clients = new PeregrineClients();
        clients.Client = await connect(new PeregrineClientOptions
        {
            Era = era,
            EraStore = new Peregrine.Client.Connecting.InMemoryEraStore(),
            AllowUrlElicitation = true,
            OnElicitation = (question, _) =>
            {
                clients.Questions.Enqueue(question.Message);
                return new(ElicitationReply.Accept(question.IsUrl ? default : "{\"name\":\"Ada\"}"u8.ToArray()));
            },
            OnSampling = (question, _) =>
            {
                clients.Questions.Enqueue(Encoding.UTF8.GetString(question.Messages.Span));
                return new(SamplingReply.FromText("a sampled text", "test-model"));
            },
            OnRoots = _ => new([new ClientRoot("file:///tmp/one", "one")]),
            OnLog = clients.Log.Enqueue,
        }).AsTask().WaitAsync(Patience);
        return clients;
    }

    internal Task<string> CallAsync(string tool, string arguments = "{}") => CallAsync(Client, tool, arguments);

    /// <summary>Calls a tool that must not fail, and gives its text.</summary>
    internal static async Task<string> CallAsync(PeregrineClient client, string tool, string arguments = "{}")
    {
        using var result = await client.CallToolAsync(tool, Encoding.UTF8.GetBytes(arguments)).AsTask().WaitAsync(Patience);
        Assert.False(result.IsError, $"{tool}: {result.GetText()}");
        return result.GetText();
    }

    /// <summary>Calls a tool with progress, and gives what was reported.</summary>
    internal async Task<IReadOnlyList<CallProgress>> CallWithProgressAsync(string tool, string arguments)
    {
        var seen = new Seen();
        using var result = await Client.CallToolAsync(tool, Encoding.UTF8.GetBytes(arguments), seen).AsTask().WaitAsync(Patience);
        Assert.False(result.IsError, result.GetText());
        return [.. seen.Values];
    }

    public ValueTask DisposeAsync() => Client.DisposeAsync();

    private sealed class Seen : IProgress<CallProgress>
    {
        internal ConcurrentQueue<CallProgress> Values { get; } = new();

        public void Report(CallProgress value) => Values.Enqueue(value);
    }
}
