#include "sort_in_place.h"

#include <string.h>

struct heap {
	char *items;
	size_t size;
	int (*compare)(const void *left, const void *right);
};

/* Puts item where it belongs below hole, in a heap of count items with the greatest on top. */
static void sift(const struct heap *heap, size_t hole, size_t count, const void *item)
{
	for (;;) {
		size_t child = 2 * hole + 1;
		const char *greater = heap->items + child * heap->size;

		if (child < count && child + 1 < count && heap->compare(greater, greater + heap->size) < 0) {
			child++;
			greater += heap->size;
		}
		if (child >= count || heap->compare(item, greater) >= 0)
			break;
		memcpy(heap->items + hole * heap->size, greater, heap->size);
		hole = child;
	}
	memcpy(heap->items + hole * heap->size, item, heap->size);
}

void sort_in_place(void *items, size_t count, size_t size, int (*compare)(const void *left, const void *right))
{
	const struct heap heap = {items, size, compare};
	char item[SORT_IN_PLACE_MOST];

	for (size_t i = count / 2; i > 0; i--) {
		memcpy(item, heap.items + (i - 1) * size, size);
		sift(&heap, i - 1, count, item);
	}
	for (size_t end = count; end > 1; end--) {
		memcpy(item, heap.items + (end - 1) * size, size);
		memcpy(heap.items + (end - 1) * size, heap.items, size);
		sift(&heap, 0, end - 1, item);
	}
}
