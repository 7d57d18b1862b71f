using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Versions;
using Peregrine.Server.Dispatch;
using Peregrine.Server.Fronts;

namespace Peregrine.Server.Validation;

/// <summary>Answers a call whose arguments are wrong, as its revision wants it.</summary>
internal static class ArgumentRefusal
{
    /// <summary>2025-11-25 and later: a result with <c>isError</c>, so that the model can correct itself; before: error -32602.</summary>
    internal static void Answer(McpExchange exchange, PeregrineServer server, string message)
    {
        if (exchange.Version >= ProtocolVersion.V2025_11_25)
        {
            ToolResultWriter.WriteToolError(exchange, server, message);
        }
        else
        {
            exchange.Fail(ErrorCodes.InvalidParams, message);
        }
    }
}
