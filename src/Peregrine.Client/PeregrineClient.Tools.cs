using System.Runtime.CompilerServices;
using Peregrine.Client.Calling;
using Peregrine.Client.Listing;
using Peregrine.Client.Pipeline;
using Peregrine.Client.Reliability;
using Peregrine.Client.Tools;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Versions;
using Peregrine.Transport.Connections;

namespace Peregrine.Client;

/// <content>Tools.</content>
public sealed partial class PeregrineClient
{
    private static readonly byte[] NoArguments = "{}"u8.ToArray();
    private static readonly ListReader<RemoteTool> ToolList = new(
        McpMethod.ToolsList, "tools"u8.ToArray(), "name"u8.ToArray(), static (name, definition) => new RemoteTool(name, definition));

    private readonly CallHead _heads = new();
    private readonly ToolDirectory _tools = new();

    /// <summary>
    /// All tools the server offers, all pages of them, in the server's order. Over HTTP in the stateless era without those whose header annotations break the specification's rules: such a tool
    /// must not be called.
    /// </summary>
    /// <param name="cancellationToken">Gives up.</param>
    public async ValueTask<IReadOnlyList<RemoteTool>> ListToolsAsync(CancellationToken cancellationToken = default)
    {
        var tools = await ListAsync(ToolList, cancellationToken).ConfigureAwait(false);
        var conversation = _link.Current;
        return _tools.Take(tools, conversation.MirrorsHeaders, conversation.Connection.Peer, _options.Logger);
    }

    /// <summary>One page of the list of tools, as the server gives it.</summary>
    /// <param name="cursor">Where to go on, from the page before; null for the first page.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public ValueTask<ListPage<RemoteTool>> ListToolsPageAsync(string? cursor, CancellationToken cancellationToken = default) =>
        ListPageAsync(ToolList, cursor, cancellationToken);

    /// <summary>Calls a tool.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="arguments">Its arguments: a raw JSON object; empty for none. Unchanged until the task ends.</param>
    /// <param name="progress">Takes progress reports, on the connection's reader: return soon. Null asks the server for none.</param>
    /// <param name="cancellationToken">Gives up, and tells the server.</param>
    /// <returns>What the tool answered, also where it failed (<see cref="ToolResult.IsError"/>); dispose it.</returns>
    /// <exception cref="ArgumentException"><paramref name="arguments"/> is no JSON object, or the tool's definition breaks rules so that it must not be called.</exception>
    /// <exception cref="McpPeerException">The server refused the call, for instance because it has no such tool.</exception>
    /// <exception cref="McpTransportException">No reply; <see cref="McpTransportException.MayHaveRun"/> tells whether the call may have run.</exception>
    public ValueTask<ToolResult> CallToolAsync(
        string name, ReadOnlyMemory<byte> arguments = default, IProgress<CallProgress>? progress = null, CancellationToken cancellationToken = default) =>
        CallToolAsync(name, arguments, progress is null ? DefaultCall : new CallOptions { Progress = progress }, cancellationToken);

    /// <summary>Calls a tool, otherwise than the client's settings say.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="arguments">Its arguments: a raw JSON object; empty for none. Unchanged until the task ends.</param>
    /// <param name="options">What is different.</param>
    /// <param name="cancellationToken">Gives up, and tells the server.</param>
    /// <exception cref="CallNotSentException">The client refused it: bulkhead, breaker, or no healthy server in a pool.</exception>
    /// <inheritdoc cref="CallToolAsync(string, ReadOnlyMemory{byte}, IProgress{CallProgress}, CancellationToken)"/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<ToolResult> CallToolAsync(
        string name, ReadOnlyMemory<byte> arguments, CallOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(options);
        if (!arguments.IsEmpty && !PeregrineClientOptions.IsJsonObject(arguments.Span))
        {
            throw new ArgumentException("The arguments of a tool are one JSON object.", nameof(arguments));
        }

        if (_tools.FaultOf(name) is { } fault)
        {
            throw new ArgumentException($"The tool '{name}' must not be called: its input schema {fault}", nameof(name));
        }

        var request = Ask(McpMethod.ToolsCall, name, _heads.For(name), arguments.IsEmpty ? NoArguments : arguments, options);
        request.Tool = _tools.Find(name);
        var reply = await _rounds.SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (reply.IsError && reply.ErrorCode == ErrorCodes.HeaderMismatch && Era == ProtocolEra.Stateless)
        {
            // Refused before it ran, because our list of tools was old or never read.
            reply.Dispose();
            _options.SharedCache?.Drop(McpMethod.ToolsList);
            await ListToolsAsync(cancellationToken).ConfigureAwait(false);
            request.Tool = _tools.Find(name);
            reply = await _rounds.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }

        if (reply.IsError)
        {
            throw Refused(reply, request);
        }

        var result = new ToolResult(reply, request.State as CallRecord);
        if (result.ResultType is "complete" or "input_required")
        {
            return result;
        }

        result.Dispose();
        throw InvalidReply("answered with a type of result that this client does not know");
    }

    private static McpPeerException Refused(McpReply reply, ClientRequest request)
    {
        var exception = McpPeerException.FromError(reply.Error.Span);
        reply.Dispose();
        OutcomeReport.Attach(exception, request);
        return exception;
    }
}
