using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.ServerSentEvents;
using Peregrine.Server.AspNetCore.Http;
using Peregrine.Server.Subscriptions;

namespace Peregrine.Server.AspNetCore.Subscriptions;

/// <summary>
/// A listen stream over HTTP: a response of server-sent events that stays open. Whoever sends writes into the connection's buffer; where the reader is behind so far that the host
/// wants the writer to wait, nothing more is written until it has caught up, and nobody waits for it.
/// </summary>
internal sealed class HttpListenStream(ListenRequest request, HttpContext context) : ListenStream(request)
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Until it is acknowledged.
    private ListenRequest? _opening = request;

    /// <inheritdoc/>
    internal override bool TakesMany => true;

    /// <inheritdoc/>
    internal override bool WantsKeepAlive => true;

    /// <summary>Carries the stream from its first byte to its end. Must be entered in the hub, busy.</summary>
    /// <param name="draining">Fires when the host is about to stop: the stream then ends in good order.</param>
    internal async Task RunAsync(CancellationToken draining)
    {
        using var gone = context.RequestAborted.UnsafeRegister(static state => ((HttpListenStream)state!).Close(), this);
        using var stop = draining.UnsafeRegister(static state => ((HttpListenStream)state!).End(), this);
        await OpenAsync().ConfigureAwait(false);
        await _ended.Task.ConfigureAwait(false);
    }

    /// <inheritdoc/>
    internal override SendOutcome Send(ReadOnlyMemory<byte> messages)
    {
        try
        {
            var writing = context.Response.BodyWriter.WriteAsync(messages);
            if (writing.IsCompletedSuccessfully)
            {
                // Of a caller that is gone the host drops what is written, and tells by the token.
                _ = writing.Result;
                return SendOutcome.Taken;
            }

            _ = WaitAsync(writing.AsTask());
            return SendOutcome.TakenThenWait;
        }
        catch (Exception exception) when (IsOfLostCaller(exception))
        {
            Close();
            return SendOutcome.Taken;
        }
    }

    /// <inheritdoc/>
    internal override void Finish() => _ended.TrySetResult();

    /// <inheritdoc/>
    internal override void Abort() => context.Abort();

    /// <inheritdoc/>
    protected override void BeginMessage(PooledByteWriter writer) => SseWriter.BeginMessage(writer);

    /// <inheritdoc/>
    protected override void EndMessage(PooledByteWriter writer) => SseWriter.EndMessage(writer);

    /// <inheritdoc/>
    protected override void WriteKeepAlive(PooledByteWriter writer) => SseWriter.WriteKeepAlive(writer);

    private static bool IsOfLostCaller(Exception exception) =>
        exception is ConnectionResetException or ConnectionAbortedException or OperationCanceledException or IOException or ObjectDisposedException;

    private async Task OpenAsync()
    {
        try
        {
            context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
            HttpReplies.BeginEvents(context.Response);
            using var acknowledgement = new PooledByteWriter(512);
            WriteAcknowledged(acknowledgement, _opening!);
            _opening = null;
            await context.Response.BodyWriter.WriteAsync(acknowledgement.WrittenMemory).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // Whatever it was: nobody may write into the response when this request has ended.
            Close();
            if (!IsOfLostCaller(exception))
            {
                throw;
            }
        }
        finally
        {
            Hub.Release(this);
        }
    }

    private async Task WaitAsync(Task writing)
    {
        try
        {
            await writing.ConfigureAwait(false);
        }
        catch (Exception)
        {
            // The connection is broken, however the host says it.
            Close();
        }
        finally
        {
            Hub.Release(this);
        }
    }

    private void Close() => Hub.Close(this);

    private void End() => Hub.End(this);
}
