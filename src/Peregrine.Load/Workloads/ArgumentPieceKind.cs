namespace Peregrine.Load.Workloads;

/// <summary>What a piece of arguments is.</summary>
internal enum ArgumentPieceKind : byte
{
    Constant,
    Counter,
    Integer,
    Text,
}
