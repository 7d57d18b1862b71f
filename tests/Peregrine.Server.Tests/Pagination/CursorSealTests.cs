using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Peregrine.Server.Pagination;

namespace Peregrine.Server.Tests.Pagination;

/// <summary>Cursors: what is written is read back, and nothing else is read.</summary>
public sealed class CursorSealTests
{
    private static readonly byte[] Key = Encoding.ASCII.GetBytes("0123456789abcdef");

    [Fact]
    public void WhatIsSealedIsOpenedUnderTheSameKeyOnly()
    {
        var (seal, twin, other) = (new CursorSeal(Key), new CursorSeal(Key), new CursorSeal(default));
        Prop.ForAll((int position, ulong fingerprint, ulong anchor) =>
        {
            var cursor = new Cursor((ListKind)(fingerprint % 5), position, fingerprint, anchor);
            var text = Encoding.ASCII.GetBytes(seal.Seal(cursor));
            return text.Length == CursorSeal.TextLength && twin.TryOpen(text, out var opened) && opened == cursor && !other.TryOpen(text, out _);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void ACursorWithAnyBitChangedIsRefused()
    {
        var seal = new CursorSeal(default);
        var text = Encoding.ASCII.GetBytes(seal.Seal(new Cursor(ListKind.Tools, 7, 8, 9)));
        Assert.True(seal.TryOpen(text, out _));
        for (var at = 0; at < text.Length; at++)
        {
            for (var bit = 0; bit < 8; bit++)
            {
                var changed = text.ToArray();
                changed[at] ^= (byte)(1 << bit);
                Assert.False(seal.TryOpen(changed, out _), $"byte {at}, bit {bit}");
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!")]
    [InlineData("                                                   ")]
    public void OtherTextsAreRefused(string text) => Assert.False(new CursorSeal(Key).TryOpen(Encoding.ASCII.GetBytes(text), out _));
}
