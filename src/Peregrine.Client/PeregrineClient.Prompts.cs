using Peregrine.Client.Calling;
using Peregrine.Client.Completion;
using Peregrine.Client.Connecting;
using Peregrine.Client.Listing;
using Peregrine.Client.Logging;
using Peregrine.Client.Pipeline;
using Peregrine.Client.Prompts;
using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Text;
using Peregrine.Protocol.Versions;
using Peregrine.Transport.Connections;

namespace Peregrine.Client;

/// <content>Prompts, completion, log messages, roots.</content>
public sealed partial class PeregrineClient
{
    private static readonly CallOptions DefaultCall = new();
    private static readonly ListReader<RemotePrompt> PromptList = new(
        McpMethod.PromptsList, "prompts"u8.ToArray(), "name"u8.ToArray(), static (name, definition) => new RemotePrompt(name, definition));

    private ServerLogLevel? _logLevel;

    /// <summary>All prompts the server offers, all pages of them, in the server's order.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    public ValueTask<IReadOnlyList<RemotePrompt>> ListPromptsAsync(CancellationToken cancellationToken = default) => ListAsync(PromptList, cancellationToken);

    /// <summary>One page of the list of prompts.</summary>
    /// <param name="cursor">Where to go on, from the page before; null for the first page.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public ValueTask<ListPage<RemotePrompt>> ListPromptsPageAsync(string? cursor, CancellationToken cancellationToken = default) => ListPageAsync(PromptList, cursor, cancellationToken);

    /// <summary>Asks for a prompt, filled in.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="arguments">Its arguments; null for none.</param>
    /// <param name="options">What is different from the client's settings; null for nothing.</param>
    /// <param name="cancellationToken">Gives up, and tells the server.</param>
    /// <returns>Its messages; dispose them.</returns>
    /// <exception cref="McpPeerException">The server refused, for instance because it has no such prompt or misses an argument.</exception>
    /// <exception cref="McpTransportException">No reply.</exception>
    public async ValueTask<PromptContent> GetPromptAsync(
        string name, IReadOnlyDictionary<string, string>? arguments = null, CallOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        var request = Ask(McpMethod.PromptsGet, name, PromptHead(name, arguments), default, options);
        var reply = await _rounds.SendAsync(request, cancellationToken).ConfigureAwait(false);
        return new PromptContent(Complete(reply));
    }

    /// <summary>Asks how the value of an argument may go on.</summary>
    /// <param name="target">What the argument belongs to.</param>
    /// <param name="argument">Its name.</param>
    /// <param name="value">What is there so far.</param>
    /// <param name="context">The arguments that are known already (2025-06-18 and later); null for none.</param>
    /// <param name="cancellationToken">Gives up, and tells the server.</param>
    public async ValueTask<CompletionValues> CompleteAsync(
        CompletionTarget target, string argument, string value, IReadOnlyDictionary<string, string>? context = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(argument);
        ArgumentNullException.ThrowIfNull(value);
        var request = new ClientRequest(McpMethod.CompletionComplete, RequestSafety.ReadOnly)
        {
            Head = CompletionParameters(target, argument, value, context),
            Timeout = _options.RequestTimeout,
        };
        using var reply = await _pipeline.SendAsync(request, cancellationToken).ConfigureAwait(false);
        reply.ThrowIfError();
        return CompletionValues.Read(reply.Result.Span);
    }

    /// <summary>
    /// Asks for log messages from a level on: <c>logging/setLevel</c> in the session era; in the stateless era every request from now on says it. Holds also after the connection was lost.
    /// </summary>
    /// <param name="level">The level.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="level"/> is none of the eight.</exception>
    /// <exception cref="McpPeerException">The server has no log messages.</exception>
    public async ValueTask SetLogLevelAsync(ServerLogLevel level, CancellationToken cancellationToken = default)
    {
        if (!ServerLogLevels.IsKnown(level))
        {
            throw new ArgumentOutOfRangeException(nameof(level), level, "It is none of the eight levels.");
        }

        if (Era == ProtocolEra.Session)
        {
            using var reply = await _pipeline.SendAsync(LogRequest(level), cancellationToken).ConfigureAwait(false);
            reply.ThrowIfError();
        }
        else
        {
            _link.Current.SetLogLevel(level);
        }

        _logLevel = level;
    }

    /// <summary>Tells a server of the session era that the folders it may work in are others now. Does nothing in the stateless era, where it asks when it needs them.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    public ValueTask NotifyRootsChangedAsync(CancellationToken cancellationToken = default) => Era == ProtocolEra.Session
        ? Connection.SendNotificationAsync("notifications/roots/list_changed"u8, default, cancellationToken)
        : ValueTask.CompletedTask;

    private ClientRequest LogRequest(ServerLogLevel level) => new(McpMethod.LoggingSetLevel, RequestSafety.Idempotent)
    {
        Head = System.Text.Encoding.ASCII.GetBytes($$"""{"level":"{{level.ToText()}}"}"""),
        Timeout = _options.RequestTimeout,
    };

    // At the beginning of a conversation nobody waits for the answer, and a server without log messages is no failure.
    private void AskForLog(Conversation conversation, ServerLogLevel level)
    {
        _logLevel = level;
        if (conversation.Era == ProtocolEra.Stateless)
        {
            conversation.SetLogLevel(level);
        }
        else if (!Json.ObjectReader.Find(conversation.Agreement.Capabilities.Span, "logging"u8).IsEmpty)
        {
            _ = AskForLogAsync(conversation, level);
        }
    }

    private async Task AskForLogAsync(Conversation conversation, ServerLogLevel level)
    {
        try
        {
            using var reply = await conversation.SendAsync(LogRequest(level), _link.Closing).ConfigureAwait(false);
            reply.ThrowIfError();
        }
        catch (Exception exception) when (exception is PeregrineException or OperationCanceledException)
        {
            ClientLog.LogLevelRefused(_options.Logger, conversation.Connection.Peer, exception.Message);
        }
    }

    private static byte[] PromptHead(string name, IReadOnlyDictionary<string, string>? arguments)
    {
        using var writer = new PooledByteWriter();
        writer.Write("{\"name\":"u8);
        JsonStringWriter.WriteString(writer, name);
        if (arguments is { Count: > 0 })
        {
            writer.Write(",\"arguments\":"u8);
            WriteTexts(writer, arguments);
        }

        return writer.WrittenSpan.ToArray();
    }

    private static byte[] CompletionParameters(CompletionTarget target, string argument, string value, IReadOnlyDictionary<string, string>? context)
    {
        using var writer = new PooledByteWriter();
        writer.Write("{\"ref\":"u8);
        writer.Write(target.Raw);
        writer.Write(",\"argument\":{\"name\":"u8);
        JsonStringWriter.WriteString(writer, argument);
        writer.Write(",\"value\":"u8);
        JsonStringWriter.WriteString(writer, value);
        writer.WriteByte((byte)'}');
        if (context is { Count: > 0 })
        {
            writer.Write(",\"context\":{\"arguments\":"u8);
            WriteTexts(writer, context);
            writer.WriteByte((byte)'}');
        }

        writer.WriteByte((byte)'}');
        return writer.WrittenSpan.ToArray();
    }

    private static void WriteTexts(PooledByteWriter writer, IReadOnlyDictionary<string, string> texts)
    {
        writer.WriteByte((byte)'{');
        var first = true;
        foreach (var (name, text) in texts)
        {
            if (!first)
            {
                writer.WriteByte((byte)',');
            }

            first = false;
            JsonStringWriter.WriteString(writer, name);
            writer.WriteByte((byte)':');
            JsonStringWriter.WriteString(writer, text);
        }

        writer.WriteByte((byte)'}');
    }
}
