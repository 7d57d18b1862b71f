using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Text;
using Peregrine.Server.Fronts;
using Peregrine.Server.Registry;

namespace Peregrine.Server.Subscriptions;

/// <summary>
/// A <c>subscriptions/listen</c> that was found good: the front opens the stream, for only it knows where messages go. The exchange that carried it is free from then on; an open
/// stream holds no call's place and no thread.
/// </summary>
/// <param name="hub">Where to open it.</param>
/// <param name="id">The request's raw id.</param>
/// <param name="lists">The lists that the server will tell of.</param>
/// <param name="uris">The resources that it will tell of, each once.</param>
internal sealed class ListenRequest(SubscriptionHub hub, byte[] id, RegistryChange lists, string[] uris)
{
    internal SubscriptionHub Hub { get; } = hub;

    internal byte[] Id { get; } = id;

    internal RegistryChange Lists { get; } = lists;

    internal string[] Uris { get; } = uris;

    /// <summary>Called once, when the stream was entered or will not be: whoever answered the request may hold something for it until then.</summary>
    internal Action? Settled { get; set; }

    /// <summary>Says that the stream was entered, or will not be. The second time does nothing.</summary>
    internal void Settle()
    {
        var settled = Settled;
        Settled = null;
        settled?.Invoke();
    }

    /// <summary>
    /// Enters a stream, busy: what changes from now on waits until the front has sent the acknowledgement and calls <see cref="SubscriptionHub.Release"/>.
    /// </summary>
    /// <returns>False where the request was answered with an error.</returns>
    internal bool TryOpen(ListenStream stream, McpExchange exchange)
    {
        var outcome = Hub.TryOpen(stream, Lists, Uris);
        Settle();
        if (outcome != OpenOutcome.Opened)
        {
            Fail(exchange, outcome, Hub.Options);
        }

        return outcome == OpenOutcome.Opened;
    }

    /// <summary>Answers a request that could not be served.</summary>
    internal static void Fail(McpExchange exchange, OpenOutcome outcome, SubscriptionOptions options)
    {
        switch (outcome)
        {
            case OpenOutcome.TooManyStreams:
                exchange.Fail(ErrorCodes.Overloaded, $"Overloaded: {options.MaxStreams} subscriptions are open on this server; retry when some have ended", Retryable);
                break;
            case OpenOutcome.TooManyResources:
                exchange.Fail(ErrorCodes.Overloaded,
                    $"Overloaded: a session may subscribe to {options.MaxResourcesPerStream} resources and all together to {options.MaxResources}; unsubscribe from some, or retry later", Retryable);
                break;
            default:
                exchange.Fail(ErrorCodes.Draining, "Draining: the server ends and takes no new subscriptions", Retryable);
                break;
        }
    }

    /// <summary>Writes what of the client's wish will be fulfilled: one JSON object.</summary>
    internal void WriteHonoured(PooledByteWriter writer)
    {
        var start = writer.Length;
        writer.WriteByte((byte)'{');
        WriteFlag(writer, start, RegistryChange.Tools, "\"toolsListChanged\":true"u8);
        WriteFlag(writer, start, RegistryChange.Prompts, "\"promptsListChanged\":true"u8);
        WriteFlag(writer, start, RegistryChange.Resources, "\"resourcesListChanged\":true"u8);
        if (Uris.Length > 0)
        {
            writer.Write(writer.Length > start + 1 ? ",\"resourceSubscriptions\":["u8 : "\"resourceSubscriptions\":["u8);
            for (var i = 0; i < Uris.Length; i++)
            {
                if (i > 0)
                {
                    writer.WriteByte((byte)',');
                }

                JsonStringWriter.WriteString(writer, Uris[i].AsSpan());
            }

            writer.WriteByte((byte)']');
        }

        writer.WriteByte((byte)'}');
    }

    private static ReadOnlySpan<byte> Retryable => "{\"retryable\":true}"u8;

    private void WriteFlag(PooledByteWriter writer, int start, RegistryChange list, ReadOnlySpan<byte> member)
    {
        if ((Lists & list) != 0)
        {
            if (writer.Length > start + 1)
            {
                writer.WriteByte((byte)',');
            }

            writer.Write(member);
        }
    }
}
