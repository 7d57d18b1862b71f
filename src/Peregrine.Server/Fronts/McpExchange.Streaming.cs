using Peregrine.Execution.Memory;
using Peregrine.Protocol.JsonRpc;

namespace Peregrine.Server.Fronts;

// Results that are made while they are sent.
public abstract partial class McpExchange
{
    private IResultStream? _streamed;
    private McpExchange? _streamSource;

    /// <summary>
    /// True where the front sends a streamed result without holding up other replies: where a reply has a connection, or a stream of one, to itself.
    /// </summary>
    internal virtual bool CanStreamResult => false;

    /// <summary>The result where it is made while it is sent: then <see cref="Reply"/> ends where the result begins, and the closing brace is missing.</summary>
    internal IResultStream? StreamedResult => _streamed;

    /// <summary>Answers with a result that is made while it is sent. The exchange disposes of it.</summary>
    /// <exception cref="InvalidOperationException">The front cannot; see <see cref="CanStreamResult"/>.</exception>
    internal void ReturnStreamed(IResultStream result)
    {
        if (!CanStreamResult)
        {
            result.Dispose();
            throw new InvalidOperationException("This front sends a reply as one piece.");
        }

        BeginResult();
        _streamed = result;
    }

    /// <summary>
    /// Makes the whole of a result that is made while it is sent, for a caller that can be sent it in one piece only. Where it cannot be had, or is more than may be held, the reply is an error.
    /// </summary>
    internal async ValueTask GatherStreamedAsync()
    {
        try
        {
            while (await _streamed!.WriteNextAsync(_reply, CancellationToken).ConfigureAwait(false))
            {
            }

            EndResult();
            DropStreamed();
        }
        catch (ResourceExhaustedException exception)
        {
            Fail(ErrorCodes.ResourceExhausted, exception.Message, exception.IsRetryable ? "{\"retryable\":true}"u8 : "{\"retryable\":false}"u8);
        }
        catch (IOException exception)
        {
            Fail(ErrorCodes.InternalError, $"Internal error: the result could not be completed. {exception.Message}");
        }
    }

    /// <summary>Has the memory of <paramref name="source"/>, whose result this exchange has taken over, given back once that is sent: what makes the result reads from there.</summary>
    internal void KeepUntilSent(McpExchange source) => _streamSource = source;

    private void DropStreamed()
    {
        _streamed?.Dispose();
        _streamed = null;
        _streamSource?.ReturnMemory();
        _streamSource = null;
    }
}
