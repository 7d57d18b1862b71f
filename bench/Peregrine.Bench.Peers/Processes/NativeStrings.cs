using System.Runtime.InteropServices;

namespace Peregrine.Bench.Peers.Processes;

/// <summary>A null-terminated array of C strings, as argv and envp are.</summary>
internal sealed unsafe class NativeStrings : IDisposable
{
    private readonly nint[] _strings;

    public NativeStrings(IReadOnlyCollection<string> strings)
    {
        _strings = [.. strings.Select(Marshal.StringToCoTaskMemUTF8)];
        Pointer = (nint*)NativeMemory.AllocZeroed((nuint)_strings.Length + 1, (nuint)sizeof(nint));
        _strings.CopyTo(new Span<nint>(Pointer, _strings.Length));
    }

    public nint* Pointer { get; private set; }

    public void Dispose()
    {
        if (Pointer == null)
            return;
        foreach (nint text in _strings)
            Marshal.FreeCoTaskMem(text);
        NativeMemory.Free(Pointer);
        Pointer = null;
    }
}
