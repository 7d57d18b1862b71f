using System.Text;
using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Text;
using Peregrine.Protocol.Versions;
using Peregrine.Server.Dispatch;
using Peregrine.Server.Features;
using Peregrine.Server.Fronts;
using Peregrine.Server.Registry;

namespace Peregrine.Server.Completion;

/// <summary><c>completion/complete</c>.</summary>
internal sealed class CompletionFeature(PeregrineServer server, ToolInvoker invoker) : IServerFeature
{
    /// <inheritdoc/>
    public McpMethod[] Methods { get; } = [McpMethod.CompletionComplete];

    /// <inheritdoc/>
    public void WriteCapability(PooledByteWriter writer, ProtocolVersion version)
    {
        // 2024-11-05 has the method, but no capability for it.
        if (version >= ProtocolVersion.V2025_03_26)
        {
            writer.Write("\"completions\":{}"u8);
        }
    }

    /// <inheritdoc/>
    public ValueTask RespondAsync(McpExchange exchange)
    {
        var parameters = new CompletionParams();
        if (parameters.Read(exchange.Envelope.Params.Of(exchange.Body.Span)) is { } fault)
        {
            exchange.Fail(ErrorCodes.InvalidParams, fault);
            return default;
        }

        var (isPrompt, owner, argument) = (parameters.IsPrompt, parameters.Owner!, parameters.Argument!);
        var snapshot = server.Registry.Current;
        if (!Exists(snapshot, isPrompt, owner))
        {
            exchange.Fail(ErrorCodes.InvalidParams, $"Unknown {(isPrompt ? "prompt" : "resource template")}: {EraRules.Shorten(owner)}");
            return default;
        }

        foreach (var completer in snapshot.Contents.Completers)
        {
            if (completer.IsPrompt == isPrompt && completer.Argument == argument && completer.Owner == owner)
            {
                var request = new McpCompletionRequest(argument, parameters.Value!, parameters.Context);
                return invoker.InvokeAsync(new CompletionCall(completer, request), exchange);
            }
        }

        Write(exchange, server, McpCompletionResult.None);
        return default;
    }

    /// <summary>Answers with proposals.</summary>
    internal static void Write(McpExchange exchange, PeregrineServer server, McpCompletionResult result)
    {
        var writer = exchange.BeginResult();
        writer.Write("{\"completion\":{\"values\":["u8);
        var count = Math.Min(result.Values.Count, McpCompletionResult.MaxValues);
        for (var i = 0; i < count; i++)
        {
            if (i > 0)
            {
                writer.WriteByte((byte)',');
            }

            JsonStringWriter.WriteString(writer, result.Values[i].AsSpan());
        }

        writer.WriteByte((byte)']');
        if (result.Total is { } total)
        {
            writer.Write(",\"total\":"u8);
            JsonRpcWriter.WriteInteger(writer, total);
        }

        writer.Write(result.HasMore || result.Values.Count > count ? ",\"hasMore\":true}"u8 : ",\"hasMore\":false}"u8);
        if (exchange.Era == ProtocolEra.Stateless)
        {
            writer.Write(server.StatelessResultSuffix);
        }

        writer.WriteByte((byte)'}');
        exchange.EndResult();
    }

    // A resource may be named by its template, or by an address of its own, which has nothing to complete.
    private static bool Exists(RegistrySnapshot snapshot, bool isPrompt, string owner) => isPrompt
        ? snapshot.FindPrompt(Encoding.UTF8.GetBytes(owner)) is not null
        : snapshot.Contents.ResourceTemplates.Any(template => template.Definition.UriTemplate == owner) || snapshot.FindResource(Encoding.UTF8.GetBytes(owner)) is not null;
}
