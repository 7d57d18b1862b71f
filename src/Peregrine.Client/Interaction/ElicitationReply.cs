using Peregrine.Protocol.Buffers;

namespace Peregrine.Client.Interaction;

/// <summary>What the person in front of the client said to an <see cref="ElicitationQuestion"/>. Immutable.</summary>
public sealed class ElicitationReply
{
    private readonly string _action;
    private readonly ReadOnlyMemory<byte> _content;

    private ElicitationReply(string action, ReadOnlyMemory<byte> content)
    {
        _action = action;
        _content = content;
    }

    /// <summary>The person says no.</summary>
    public static ElicitationReply Decline { get; } = new("decline", default);

    /// <summary>The person chose neither: closed the window, or was not there.</summary>
    public static ElicitationReply Cancel { get; } = new("cancel", default);

    /// <summary>The person agrees.</summary>
    /// <param name="content">
    /// The answers: a raw JSON object, kept as it is; empty for none. Those that are missing and have a default in the question's schema are filled in with it.
    /// </param>
    /// <exception cref="ArgumentException"><paramref name="content"/> is no JSON object.</exception>
    public static ElicitationReply Accept(ReadOnlyMemory<byte> content = default)
    {
        if (!content.IsEmpty && !PeregrineClientOptions.IsJsonObject(content.Span))
        {
            throw new ArgumentException("The answers to a form are one JSON object.", nameof(content));
        }

        return new ElicitationReply("accept", content);
    }

    /// <summary>Writes the result of <c>elicitation/create</c>.</summary>
    internal byte[] Write(ElicitationQuestion question)
    {
        using var writer = new PooledByteWriter(64 + _content.Length);
        writer.Write("{\"action\":\""u8);
        writer.Write(System.Text.Encoding.ASCII.GetBytes(_action));
        writer.WriteByte((byte)'"');
        if (_action == "accept" && !question.IsUrl)
        {
            writer.Write(",\"content\":"u8);
            SchemaDefaults.Write(writer, _content.Span, question.RequestedSchema.Span);
        }

        writer.WriteByte((byte)'}');
        return writer.WrittenSpan.ToArray();
    }
}
