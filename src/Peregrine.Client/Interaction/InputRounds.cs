using System.Runtime.CompilerServices;
using Peregrine.Client.Json;
using Peregrine.Client.Pipeline;
using Peregrine.Protocol.Buffers;
using Peregrine.Transport.Connections;

namespace Peregrine.Client.Interaction;

/// <summary>
/// Carries a call through its rounds (stateless era, multi round-trip requests): where the server asks for input, the questions are answered and the same request goes out again with
/// the answers and, byte for byte, the server's state. Thread-safe.
/// </summary>
internal sealed class InputRounds(RequestPipeline pipeline, QuestionAnswerer answerer, PeregrineClientOptions options)
{
    // A server that only gives back a state wants to be asked again later: it sheds load.
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);

    /// <summary>Sends a request, in as many rounds as it takes.</summary>
    /// <returns>
    /// The last reply, the caller's to dispose. It still asks for input where the client has no handler for what is asked.
    /// </returns>
    /// <exception cref="McpTransportException">The server asks without end.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    internal async ValueTask<McpReply> SendAsync(ClientRequest request, CancellationToken cancellationToken)
    {
        var tail = request.Tail;
        while (true)
        {
            var reply = await pipeline.SendAsync(request, cancellationToken).ConfigureAwait(false);
            if (reply.IsError || !InputQuestion.IsAsked(reply.Result.Span))
            {
                return reply;
            }

            byte[]? next;
            try
            {
                next = await AnswerAsync(reply, tail, cancellationToken).ConfigureAwait(false);
            }
            catch
            {
                reply.Dispose();
                throw;
            }

            if (next is null)
            {
                return reply;
            }

            reply.Dispose();
            if (++request.Round > options.MaxInputRounds)
            {
                throw new McpTransportException(TransportFault.InvalidReply, $"The server asked for input more than {options.MaxInputRounds} times in one call (MaxInputRounds).", mayHaveRun: true);
            }

            request.Tail = next;
            if (next.AsSpan().IndexOf("\"inputResponses\":"u8) < 0)
            {
                await Task.Delay(FirstPause * request.Round, options.TimeProvider, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    // The end of the request's params for the next round; null where a question cannot be answered.
    private async ValueTask<byte[]?> AnswerAsync(McpReply reply, ReadOnlyMemory<byte> tail, CancellationToken cancellationToken)
    {
        var questions = InputQuestion.ReadAll(reply.Result.Span);
        var state = ObjectReader.Find(reply.Result.Span, "requestState"u8).ToArray();
        if (questions.Count == 0 && state.Length == 0)
        {
            return null;
        }

        using var writer = new PooledByteWriter();
        for (var i = 0; i < questions.Count; i++)
        {
            if (await answerer.AnswerAsync(questions[i].Method, questions[i].Parameters, cancellationToken).ConfigureAwait(false) is not { } answer)
            {
                return null;
            }

            writer.Write(i == 0 ? ",\"inputResponses\":{"u8 : ","u8);
            writer.Write(questions[i].Key);
            writer.WriteByte((byte)':');
            writer.Write(answer.Span);
        }

        if (questions.Count > 0)
        {
            writer.WriteByte((byte)'}');
        }

        if (state.Length > 0)
        {
            writer.Write(",\"requestState\":"u8);
            writer.Write(state);
        }

        writer.Write(tail.Span);
        return writer.WrittenSpan.ToArray();
    }
}
