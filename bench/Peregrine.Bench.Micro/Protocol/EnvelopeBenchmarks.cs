using BenchmarkDotNet.Attributes;

namespace Peregrine.Bench.Micro.Protocol;

/// <summary>One message: where its parts lie.</summary>
[MemoryDiagnoser]
public class EnvelopeBenchmarks
{
    private byte[] _message = [];

    [Params("text", "blob", "unicode", "escaped", "tokens", "stateless")]
    public string Shape { get; set; } = "";

    [Params(100, 1_000, 10_000, 100_000)]
    public int Size { get; set; }

    [GlobalSetup]
    public void CreateMessage() => _message = EnvelopeMessages.Create(Shape, Size);

    [Benchmark(Baseline = true)]
    public int EnvelopeReader() => EnvelopeContestants.ReadEnvelope(_message);

    [Benchmark]
    public int JsonDocumentParse() => EnvelopeContestants.ParseDocument(_message);

    [Benchmark]
    public int JsonSerializerDeserialize() => EnvelopeContestants.Deserialize(_message);
}
