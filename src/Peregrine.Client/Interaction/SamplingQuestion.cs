using System.Text;
using Peregrine.Client.Json;

namespace Peregrine.Client.Interaction;

/// <summary>Something that the server wants a language model of the client's to say. The person in front of the client should see it before, and the answer before it goes back.</summary>
public sealed class SamplingQuestion
{
    internal SamplingQuestion(ReadOnlyMemory<byte> parameters) => Raw = parameters;

    /// <summary>The params of <c>sampling/createMessage</c>: a raw JSON object.</summary>
    public ReadOnlyMemory<byte> Raw { get; }

    /// <summary>The conversation so far: a raw JSON array of messages. Read anew at each look, as are the following.</summary>
    public ReadOnlyMemory<byte> Messages => RawObject.Find(Raw, "messages"u8);

    /// <summary>What the model is to be told before, where the server wants something.</summary>
    public string? SystemPrompt => ObjectReader.FindText(Raw.Span, "systemPrompt"u8);

    /// <summary>The most tokens wanted; null where the server does not say.</summary>
    public long? MaxTokens => RawObject.FindInteger(Raw.Span, "maxTokens"u8);

    /// <inheritdoc/>
    public override string ToString() => Encoding.UTF8.GetString(Raw.Span);
}
