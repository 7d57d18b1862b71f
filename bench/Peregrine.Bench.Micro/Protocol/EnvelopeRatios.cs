using Peregrine.Bench.Micro.Ratios;

namespace Peregrine.Bench.Micro.Protocol;

/// <summary>The envelope in the fast mode.</summary>
internal static class EnvelopeRatios
{
    public static IEnumerable<RatioCase> Cases =>
        from shape in EnvelopeMessages.Shapes
        from size in EnvelopeMessages.Sizes
        let message = EnvelopeMessages.Create(shape, size)
        select new RatioCase($"envelope {shape} {size}", message.Length,
        [
            new Contestant("EnvelopeReader", () => EnvelopeContestants.ReadEnvelope(message)),
            new Contestant("JsonDocument.Parse", () => EnvelopeContestants.ParseDocument(message)),
            new Contestant("JsonSerializer.Deserialize", () => EnvelopeContestants.Deserialize(message)),
        ]);
}
