using Peregrine.JsonSchema.Text;
using Peregrine.Protocol.Buffers;

namespace Peregrine.JsonSchema.Evaluation;

/// <summary>
/// Memory that judging one instance needs: tokens, unescaped text, sets of evaluated members. A thread keeps one between instances, so that an ordinary instance allocates
/// nothing; what is larger than an idle thread should keep goes back to the shared pool. Used by one evaluation at a time.
/// </summary>
internal sealed class EvaluationScratch
{
    // 256 KiB: the tokens of an instance of some 100 KiB.
    private const int KeptTokens = 16 * 1024;

    private const int KeptText = 16 * 1024;
    private const int KeptMarks = 4 * 1024;
    private const int KeptScope = 4 * 1024;

    [ThreadStatic]
    private static EvaluationScratch? t_idle;

    private byte[] _text = [];
    private char[] _characters = [];
    private ulong[] _marks = [];
    private int[] _scope = [];

    public JsonToken[] Tokens = [];

    /// <summary>Words of marks in use.</summary>
    public int MarksUsed { get; set; }

    public Span<ulong> Marks => _marks;

    /// <summary>Takes the thread's idle scratch, or a new one.</summary>
    public static EvaluationScratch Rent()
    {
        var scratch = t_idle ?? new EvaluationScratch();
        t_idle = null;
        return scratch;
    }

    /// <summary>Keeps the scratch for the thread's next evaluation.</summary>
    public void Return()
    {
        MarksUsed = 0;
        Trim(ref Tokens, PooledArrays.Kept(KeptTokens));
        Trim(ref _text, PooledArrays.Kept(KeptText));
        Trim(ref _characters, PooledArrays.Kept(KeptText));
        Trim(ref _marks, PooledArrays.Kept(KeptMarks));
        Trim(ref _scope, PooledArrays.Kept(KeptScope));
        t_idle = this;
    }

    /// <summary>Room for unescaped text, until the next call.</summary>
    public Span<byte> Text(int length)
    {
        Ensure(ref _text, length, 0);
        return _text;
    }

    /// <summary>Room for UTF-16, until the next call.</summary>
    public Span<char> Characters(int length)
    {
        Ensure(ref _characters, length, 0);
        return _characters;
    }

    /// <summary>Takes words of marks, all clear. Given back by setting <see cref="MarksUsed"/>.</summary>
    /// <returns>Where they start.</returns>
    public int TakeMarks(int words)
    {
        var start = MarksUsed;
        Ensure(ref _marks, start + words, start);
        _marks.AsSpan(start, words).Clear();
        MarksUsed = start + words;
        return start;
    }

    /// <summary>The dynamic scope, with room for one more.</summary>
    public Span<int> Scope(int used)
    {
        Ensure(ref _scope, used + 1, used);
        return _scope;
    }

    private static void Ensure<T>(ref T[] array, int length, int used)
    {
        if (array.Length >= length)
        {
            return;
        }

        var grown = PooledArrays.Rent<T>(Math.Max(length, Math.Max(64, array.Length * 2)));
        array.AsSpan(0, used).CopyTo(grown);
        Trim(ref array, 0);
        array = grown;
    }

    private static void Trim<T>(ref T[] array, int kept)
    {
        if (array.Length > kept)
        {
            PooledArrays.Return(array);
            array = [];
        }
    }
}
