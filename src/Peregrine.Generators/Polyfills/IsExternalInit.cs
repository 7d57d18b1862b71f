using System.ComponentModel;

namespace System.Runtime.CompilerServices;

// Records need it, and netstandard2.0, on which the compiler loads generators, has none.
[EditorBrowsable(EditorBrowsableState.Never)]
internal static class IsExternalInit;
