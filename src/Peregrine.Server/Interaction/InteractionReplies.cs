using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Text;
using Peregrine.Protocol.Versions;
using Peregrine.Server.Dispatch;
using Peregrine.Server.Fronts;

namespace Peregrine.Server.Interaction;

/// <summary>Answers calls that asked their client, or could not. No state.</summary>
internal static class InteractionReplies
{
    /// <summary>The code of 2025-11-25 by which a call says that its user has to open an address first.</summary>
    internal const int UrlElicitationRequired = -32042;

    /// <summary>
    /// Answers a call that waits for its client, or came with a state that is not to be trusted. That goes before everything else that the call did: an exception which ends a run may have
    /// been swallowed.
    /// </summary>
    /// <returns>False where neither holds.</returns>
    internal static bool TryAnswer(McpExchange exchange, PeregrineServer server)
    {
        if (exchange.Interaction is not { } interaction)
        {
            return false;
        }

        if (interaction.Refusal is { } refusal)
        {
            exchange.Fail(ErrorCodes.InvalidParams, refusal);
            return true;
        }

        if (!interaction.IsWaiting)
        {
            return false;
        }

        WriteInputRequired(exchange, server, interaction);
        return true;
    }

    /// <summary>Answers a call that failed because of what its client is or has to do.</summary>
    /// <returns>False where it failed for another reason, or the revision has no answer of its own for that.</returns>
    internal static bool TryAnswer(McpExchange exchange, PeregrineServer server, Exception exception)
    {
        if (TryAnswer(exchange, server))
        {
            return true;
        }

        switch (exception)
        {
            case McpMissingCapabilityException missing when exchange.Era == ProtocolEra.Stateless:
                exchange.Fail(ErrorCodes.MissingRequiredClientCapability, missing.Message, RequiredCapabilities(missing));
                return true;
            case McpUrlRequiredException { Question: { } question } when exchange.Era == ProtocolEra.Stateless:
                RequireUrl(exchange, server, question);
                return true;
            case McpUrlRequiredException { Question: { } question } when exchange.Version == ProtocolVersion.V2025_11_25 && (exchange.Session is null || exchange.Client.ElicitationUrl):
                FailWithUrl(exchange, question, exception.Message);
                return true;
            default:
                return false;
        }
    }

    private static void WriteInputRequired(McpExchange exchange, PeregrineServer server, CallInteraction interaction)
    {
        if (interaction.Seal(server.StateSealer) is not { } state)
        {
            Refuse(exchange, server, "This call has to remember more than fits into its request state (16 KiB): its answers and the results of its steps are too long.");
            return;
        }

        var writer = exchange.BeginResult();
        exchange.IsToolError = false;
        writer.Write("{\"inputRequests\":"u8);
        interaction.WriteQuestions(writer);
        writer.Write(",\"requestState\":"u8);
        JsonStringWriter.WriteString(writer, state.AsSpan());
        writer.Write(",\"resultType\":\"input_required\","u8);
        writer.Write(server.Identity.MetaMember);
        writer.WriteByte((byte)'}');
        exchange.EndResult();
    }

    private static void RequireUrl(McpExchange exchange, PeregrineServer server, ElicitQuestion question)
    {
        if (question.Missing(exchange.Client, exchange.Version) is { } missing)
        {
            exchange.Fail(ErrorCodes.MissingRequiredClientCapability, missing.Message, RequiredCapabilities(missing));
            return;
        }

        exchange.OpenInteraction(exchange.Generation, server.StateSealer).AskAgain(question, exchange.Version);
        TryAnswer(exchange, server);
    }

    private static void FailWithUrl(McpExchange exchange, ElicitQuestion question, string message)
    {
        using var data = new PooledByteWriter(256);
        data.Write("{\"elicitations\":["u8);
        question.WriteParams(data, exchange.Version);
        data.Write("]}"u8);
        exchange.Fail(UrlElicitationRequired, message, data.WrittenSpan);
    }

    private static void Refuse(McpExchange exchange, PeregrineServer server, string message)
    {
        if (exchange.Method == McpMethod.ToolsCall)
        {
            ToolResultWriter.WriteToolError(exchange, server, message);
        }
        else
        {
            exchange.Fail(ErrorCodes.InternalError, message);
        }
    }

    private static byte[] RequiredCapabilities(McpMissingCapabilityException missing) => [.. "{\"requiredCapabilities\":"u8, .. missing.RequiredCapabilities.Span, .. "}"u8];
}
