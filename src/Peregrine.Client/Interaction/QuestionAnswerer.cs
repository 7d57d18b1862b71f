using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Text;

namespace Peregrine.Client.Interaction;

/// <summary>Answers what servers ask, with the handlers that the client was given. The same in both eras. Thread-safe.</summary>
internal sealed class QuestionAnswerer(PeregrineClientOptions options)
{
    /// <summary>Answers a question.</summary>
    /// <param name="method">What is asked.</param>
    /// <param name="parameters">The question's params, raw; they stay as they are until the task ends.</param>
    /// <param name="cancellationToken">Nobody waits for the answer any more.</param>
    /// <returns>The result, raw; null where the client has no handler for it.</returns>
    internal async ValueTask<ReadOnlyMemory<byte>?> AnswerAsync(McpMethod method, ReadOnlyMemory<byte> parameters, CancellationToken cancellationToken)
    {
        switch (method)
        {
            case McpMethod.ElicitationCreate when options.OnElicitation is { } ask:
                var question = new ElicitationQuestion(parameters);
                if (question.IsUrl && !options.AllowUrlElicitation)
                {
                    return null;
                }

                return (await ask(question, cancellationToken).ConfigureAwait(false)).Write(question);
            case McpMethod.SamplingCreateMessage when options.OnSampling is { } sample:
                return (await sample(new SamplingQuestion(parameters), cancellationToken).ConfigureAwait(false)).Raw;
            case McpMethod.RootsList when options.OnRoots is { } list:
                return WriteRoots(await list(cancellationToken).ConfigureAwait(false));
            default:
                return null;
        }
    }

    private static byte[] WriteRoots(IReadOnlyList<ClientRoot> roots)
    {
        using var writer = new PooledByteWriter();
        writer.Write("{\"roots\":["u8);
        for (var i = 0; i < roots.Count; i++)
        {
            writer.Write(i == 0 ? "{\"uri\":"u8 : ",{\"uri\":"u8);
            JsonStringWriter.WriteString(writer, roots[i].Uri);
            if (roots[i].Name is { } name)
            {
                writer.Write(",\"name\":"u8);
                JsonStringWriter.WriteString(writer, name);
            }

            writer.WriteByte((byte)'}');
        }

        writer.Write("]}"u8);
        return writer.WrittenSpan.ToArray();
    }
}
