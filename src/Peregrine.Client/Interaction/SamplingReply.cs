using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.Text;

namespace Peregrine.Client.Interaction;

/// <summary>What a language model said to a <see cref="SamplingQuestion"/>. Immutable.</summary>
public sealed class SamplingReply
{
    private SamplingReply(ReadOnlyMemory<byte> raw) => Raw = raw;

    /// <summary>The result of <c>sampling/createMessage</c>: a raw JSON object.</summary>
    public ReadOnlyMemory<byte> Raw { get; }

    /// <summary>A text.</summary>
    /// <param name="text">What the model said.</param>
    /// <param name="model">Which model it was.</param>
    /// <param name="stopReason">Why it stopped: <c>endTurn</c> (the default), <c>maxTokens</c>, <c>stopSequence</c>.</param>
    public static SamplingReply FromText(string text, string model, string stopReason = "endTurn")
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(stopReason);
        using var writer = new PooledByteWriter(128 + text.Length);
        writer.Write("{\"role\":\"assistant\",\"content\":{\"type\":\"text\",\"text\":"u8);
        JsonStringWriter.WriteString(writer, text);
        writer.Write("},\"model\":"u8);
        JsonStringWriter.WriteString(writer, model);
        writer.Write(",\"stopReason\":"u8);
        JsonStringWriter.WriteString(writer, stopReason);
        writer.WriteByte((byte)'}');
        return new SamplingReply(writer.WrittenSpan.ToArray());
    }

    /// <summary>Anything else.</summary>
    /// <param name="result">The result of <c>sampling/createMessage</c>: a raw JSON object, kept as it is.</param>
    /// <exception cref="ArgumentException"><paramref name="result"/> is no JSON object.</exception>
    public static SamplingReply FromRaw(ReadOnlyMemory<byte> result) =>
        PeregrineClientOptions.IsJsonObject(result.Span) ? new SamplingReply(result) : throw new ArgumentException("The result is one JSON object.", nameof(result));
}
