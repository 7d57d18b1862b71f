namespace Peregrine.Protocol.Text;

/// <summary>What is wrong with a piece of JSON.</summary>
internal enum JsonFault : byte
{
    None,
    Syntax,
    Truncated,
    TooDeep,
}
