using Peregrine.Protocol.JsonRpc;
using Peregrine.Server.Dispatch;
using Peregrine.Server.Fronts;
using Peregrine.Server.Tools;

namespace Peregrine.Server.Completion;

/// <summary>One call of a completer, run like a prompt's.</summary>
internal sealed class CompletionCall(ArgumentCompleter completer, McpCompletionRequest request) : McpHandler($"{completer.Owner}: {completer.Argument}", blocking: false)
{
    internal override string Kind => "completion";

    public override async ValueTask InvokeAsync(McpCall call)
    {
        var (exchange, server) = (call.Exchange, call.Server);
        CompletionFeature.Write(exchange, server, await completer.Complete(request, call.CancellationToken).ConfigureAwait(false));
    }

    internal override void ReturnNothing(McpExchange exchange, PeregrineServer server) => CompletionFeature.Write(exchange, server, McpCompletionResult.None);

    internal override void ReturnFailure(McpExchange exchange, PeregrineServer server, string message) => exchange.Fail(ErrorCodes.InternalError, message);
}
